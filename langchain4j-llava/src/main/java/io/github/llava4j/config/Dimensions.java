package io.github.llava4j.config;

import java.util.Map;

import io.github.llava4j.CheckpointException;

/** The checks that every configuration must pass, whichever file it comes from. */
public final class Dimensions {

  /** Far above any real model; keeps a damaged file from making us list or allocate without end. */
  private static final int LARGEST = 1 << 24;

  private static final int MOST_LAYERS = 1 << 10;

  private Dimensions() {}

  /** {@code value} as a dimension. */
  public static int positive(Object file, String key, long value) {
    if (value < 1 || value > LARGEST) {
      throw new CheckpointException(file + ": " + key + " is " + value + ", expected 1 to " + LARGEST);
    }
    return (int) value;
  }

  public static LlavaConfig.Decoder check(Object file, LlavaConfig.Decoder d) {
    requireLayers(file, d.layers());
    requireMultiple(file, "heads", d.heads(), "key-value heads", d.kvHeads());
    requireMultiple(file, "the head dimension", d.headDim(), "2", 2);
    requireFinite(file, Map.of("the norm's epsilon", d.rmsEps(), "rope theta", d.ropeTheta()));
    if ((long) d.heads() * d.headDim() > LARGEST) {
      throw new CheckpointException(file + ": " + d.heads() + " heads of " + d.headDim() + " are too many");
    }
    return d;
  }

  public static LlavaConfig.Vision check(Object file, LlavaConfig.Vision v) {
    requireLayers(file, v.layers());
    requireMultiple(file, "vision hidden size", v.hidden(), "vision heads", v.heads());
    requireMultiple(file, "image size", v.imageSize(), "patch size", v.patchSize());
    requireFinite(file, Map.of("the vision norm's epsilon", v.eps()));
    if (v.imageSize() > 1 << 14) {
      throw new CheckpointException(file + ": image size " + v.imageSize() + " is too large");
    }
    return v;
  }

  /** The dimension of a head if nothing but the width is given. */
  public static int headDim(Object file, int hidden, int heads) {
    requireMultiple(file, "hidden size", hidden, "heads", heads);
    return hidden / heads;
  }

  /**
   * How many of {@code stored} blocks to run for a feature layer: Hugging Face's index into the states before the first
   * block, after it, and so on, where a negative one counts from the end.
   */
  public static int blocksToRun(Object file, int stored, long featureLayer) {
    long blocks = featureLayer < 0 ? stored + 1 + featureLayer : featureLayer;
    if (blocks < 1 || blocks > stored) {
      throw new CheckpointException(
          file + ": vision feature layer " + featureLayer + " is not supported with " + stored + " vision layers");
    }
    return (int) blocks;
  }

  private static void requireLayers(Object file, int layers) {
    if (layers > MOST_LAYERS) {
      throw new CheckpointException(file + ": " + layers + " layers are more than the " + MOST_LAYERS + " supported");
    }
  }

  private static void requireMultiple(Object file, String what, int value, String of, int divisor) {
    if (value % divisor != 0) {
      throw new CheckpointException(
          file + ": " + what + " (" + value + ") must be a multiple of " + of + " (" + divisor + ")");
    }
  }

  private static void requireFinite(Object file, Map<String, Float> values) {
    values.forEach(
        (what, value) -> {
          if (!(value > 0) || Float.isInfinite(value)) {
            throw new CheckpointException(file + ": " + what + " is " + value);
          }
        });
  }
}
