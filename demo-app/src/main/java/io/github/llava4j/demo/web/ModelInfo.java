package io.github.llava4j.demo.web;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.List;

import io.github.llava4j.config.LlavaConfig;
import io.github.llava4j.engine.EngineLimits;
import io.github.llava4j.engine.EngineStatus;
import io.github.llava4j.engine.LlavaEngine;
import io.github.llava4j.kernels.MemoryPlan;
import io.github.llava4j.model.LlavaModel;
import org.jspecify.annotations.Nullable;

/**
 * What answers here.
 *
 * @param description variant, files and size in one line
 * @param context most positions of a conversation, pictures and answer included
 * @param loadMs milliseconds that loading took
 * @param maxRequestBytes largest body of a request
 * @param status whether it answers, and for whom
 * @param memory what the process takes, and may take
 * @param limits what is refused
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
    long maxRequestBytes,
    Status status,
    Memory memory,
    Limits limits) {

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

  /**
   * How the engine is at the moment.
   *
   * @param reason why it takes no requests, or what is wrong although it does; null if all is well
   * @param running requests that are being answered
   * @param waiting requests that wait
   */
  record Status(boolean open, @Nullable String reason, int running, int waiting) {}

  /**
   * Memory at the moment, in bytes. What is not on the heap is at most the model's: weights, which a CPU maps from their
   * file, so that the system may take their memory back, and keys, values and buffers.
   *
   * @param heapMax what {@code -Xmx} says; bodies, tiles and caches are on the heap
   * @param keysAndValues for all contexts, when they are full
   * @param bodies of requests that are read or answered
   * @param tiles of requests that wait or are answered
   * @param knownEmbeddings of pictures seen before
   * @param knownTiles of pictures seen before
   */
  record Memory(
      long heapUsed, long heapCommitted, long heapMax, long weights, long keysAndValues, long buffers, long bodies,
      long tiles, long knownEmbeddings, long knownTiles) {

    static Memory of(EngineStatus status, BodyBudget budget) {
      MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
      MemoryPlan plan = status.memory();
      return new Memory(
          heap.getUsed(), heap.getCommitted(), heap.getMax(), plan.weights(), plan.cache(), plan.buffers(),
          budget.taken(), status.waitingBytes(), status.imageCacheBytes(), status.tileCacheBytes());
    }
  }

  /**
   * What is refused.
   *
   * @param maxBytesInFlight bytes of all bodies that are read or answered
   * @param maxPixels pixels of a picture
   * @param maxImages pictures of a request
   * @param maxRequestPixels pixels of a request's pictures together
   * @param maxWaiting requests that wait
   * @param maxWaitingBytes bytes of tiles of those that wait or are answered
   * @param timeoutMs how long a request may take, waiting included; null for as long as it needs
   */
  record Limits(
      long maxBytesInFlight, long maxPixels, int maxImages, long maxRequestPixels, int maxWaiting,
      long maxWaitingBytes, @Nullable Long timeoutMs) {

    static Limits of(EngineLimits limits, WebProperties properties) {
      return new Limits(
          properties.maxBytesInFlight().toBytes(), limits.image().maxPixels(), limits.maxImages(),
          limits.maxRequestPixels(), limits.maxWaiting(), limits.maxWaitingBytes(),
          limits.timeout() == null ? null : limits.timeout().toMillis());
    }
  }

  static ModelInfo of(LlavaEngine engine, List<String> devices, WebProperties properties, BodyBudget budget) {
    LlavaModel model = engine.model();
    EngineStatus status = engine.status();
    return new ModelInfo(
        model.name(),
        model.tiles() ? "LLaVA-1.6" : "LLaVA-1.5",
        model.variant().name(),
        model.description(),
        Dimensions.of(model.config()),
        new Backend(engine.backend().id(), engine.backend().description(), devices),
        engine.context(),
        Math.round(engine.loadMs()),
        properties.maxBodyBytes(),
        new Status(status.open(), status.reason(), status.running(), status.waiting()),
        Memory.of(status, budget),
        Limits.of(engine.limits(), properties));
  }
}
