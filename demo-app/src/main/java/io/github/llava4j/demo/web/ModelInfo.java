package io.github.llava4j.demo.web;

import java.util.List;

import io.github.llava4j.config.LlavaConfig;
import io.github.llava4j.engine.LlavaEngine;
import io.github.llava4j.kernels.Backends;
import io.github.llava4j.model.LlavaModel;

/**
 * What answers here.
 *
 * @param description variant, files and size in one line
 * @param context most positions of a conversation, pictures and answer included
 * @param loadMs milliseconds that loading took
 * @param memoryBytes most memory that the model takes, weights included
 * @param maxRequestBytes largest body of a request
 */
record ModelInfo(
    String name,
    String family,
    String variant,
    String description,
    Dimensions dimensions,
    Backend backend,
    int context,
    long loadMs,
    long memoryBytes,
    long maxRequestBytes) {

  /**
   * Sizes of the language model and the vision tower.
   *
   * @param imageSize pixels on a tile's side
   */
  record Dimensions(
      int layers, int hidden, int heads, int vocabulary, int visionLayers, int visionHidden, int imageSize,
      int patchSize) {

    static Dimensions of(LlavaConfig config) {
      LlavaConfig.Decoder decoder = config.decoder();
      LlavaConfig.Vision vision = config.vision();
      return new Dimensions(
          decoder.layers(), decoder.hidden(), decoder.heads(), decoder.vocabulary(), vision.layers(),
          vision.hidden(), vision.imageSize(), vision.patchSize());
    }
  }

  /**
   * Where it is computed.
   *
   * @param description what runs, on which device
   * @param devices what TornadoVM could run on, or why there is nothing
   */
  record Backend(String id, String description, List<String> devices) {}

  static ModelInfo of(LlavaEngine engine, long maxRequestBytes) {
    LlavaModel model = engine.model();
    return new ModelInfo(
        model.name(),
        model.tiles() ? "LLaVA-1.6" : "LLaVA-1.5",
        model.variant().name(),
        model.description(),
        Dimensions.of(model.config()),
        new Backend(engine.backend().id(), engine.backend().describe(), Backends.devices()),
        engine.context(),
        Math.round(engine.loadMs()),
        engine.memoryPlan().total(),
        maxRequestBytes);
  }
}
