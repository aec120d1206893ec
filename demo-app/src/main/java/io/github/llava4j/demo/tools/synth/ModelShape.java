package io.github.llava4j.demo.tools.synth;

import java.util.List;
import java.util.Optional;

import io.github.llava4j.config.LlavaConfig;
import io.github.llava4j.kernels.Op;

/**
 * The dimensions of a known model, and what its files say besides.
 *
 * @param anyRes whether pictures are tiled, with a learned newline: LLaVA-1.6
 */
public record ModelShape(
    String name,
    int hidden,
    int intermediate,
    int layers,
    int heads,
    int kvHeads,
    int headDim,
    int vocabulary,
    float ropeTheta,
    int maxPositions,
    boolean anyRes,
    LlavaConfig.Vision vision) {

  private static final LlavaConfig.Vision CLIP_L =
      new LlavaConfig.Vision(1024, 4096, 23, 16, 336, 14, 1e-5f, Op.Activation.QUICK_GELU, false);
  private static final LlavaConfig.Vision CLIP_TINY =
      new LlavaConfig.Vision(64, 128, 2, 4, 28, 7, 1e-5f, Op.Activation.QUICK_GELU, false);

  /** All models whose likes can be made; the last is of no real one and fits a unit test. */
  public static final List<ModelShape> ALL = List.of(
      new ModelShape("llava-v1.5-7b", 4096, 11008, 32, 32, 32, 128, 32_000, 1e4f, 4096, false, CLIP_L),
      new ModelShape("llava-v1.6-vicuna-7b", 4096, 11008, 32, 32, 32, 128, 32_000, 1e4f, 4096, true, CLIP_L),
      new ModelShape("llava-v1.6-vicuna-13b", 5120, 13824, 40, 40, 40, 128, 32_000, 1e4f, 4096, true, CLIP_L),
      new ModelShape("llava-v1.6-mistral-7b", 4096, 14336, 32, 32, 8, 128, 32_000, 1e6f, 32_768, true, CLIP_L),
      new ModelShape("llava-v1.6-vicuna-tiny", 64, 160, 2, 4, 4, 16, 1000, 1e4f, 2048, true, CLIP_TINY));

  /** The model of that name. */
  public static Optional<ModelShape> named(String name) {
    return ALL.stream().filter(shape -> shape.name.equals(name)).findFirst();
  }

  /** The same model with another number of decoder layers. */
  public ModelShape withLayers(int other) {
    return new ModelShape(
        name, hidden, intermediate, other, heads, kvHeads, headDim, vocabulary, ropeTheta, maxPositions, anyRes, vision);
  }

  LlavaConfig config() {
    LlavaConfig.Decoder decoder = new LlavaConfig.Decoder(
        "llama", hidden, intermediate, layers, heads, kvHeads, headDim, vocabulary, 1e-5f, ropeTheta, maxPositions, 0,
        Op.RopeLayout.INTERLEAVED);
    return new LlavaConfig(decoder, vision, new LlavaConfig.Projector(2, Op.Activation.GELU, anyRes), vocabulary);
  }
}
