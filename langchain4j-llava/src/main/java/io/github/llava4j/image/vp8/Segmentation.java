package io.github.llava4j.image.vp8;

import java.io.EOFException;
import java.util.Arrays;

/**
 * Segments of a picture, each with a quantiser and a filter level of its own: RFC 6386, sections 9.3 and 10.
 *
 * @param enabled whether there are any
 * @param mapped whether each macroblock names its segment; otherwise all are in the first one
 * @param absolute whether the values replace those of the frame; otherwise they are added to them
 * @param treeProbabilities by which the numbers of the segments are read
 */
record Segmentation(
    boolean enabled, boolean mapped, boolean absolute, int[] quantizers, int[] filterLevels, int[] treeProbabilities) {

  static final int SEGMENTS = 4;

  private static final byte[] TREE = {2, 4, 0, -1, -2, -3};
  private static final int CERTAIN = 255;

  static Segmentation read(BoolDecoder in) throws EOFException {
    boolean enabled = in.flag();
    boolean mapped = enabled && in.flag();
    boolean valued = enabled && in.flag();
    // Without values nothing was sent before that could still hold: absolute zeros are what libwebp starts from.
    boolean absolute = !valued || in.flag();
    int[] quantizers = new int[SEGMENTS];
    int[] filterLevels = new int[SEGMENTS];
    if (valued) {
      for (int i = 0; i < SEGMENTS; i++) {
        quantizers[i] = in.optionalSigned(7);
      }
      for (int i = 0; i < SEGMENTS; i++) {
        filterLevels[i] = in.optionalSigned(6);
      }
    }
    int[] treeProbabilities = new int[SEGMENTS - 1];
    Arrays.fill(treeProbabilities, CERTAIN);
    for (int i = 0; mapped && i < treeProbabilities.length; i++) {
      if (in.flag()) {
        treeProbabilities[i] = in.literal(8);
      }
    }
    return new Segmentation(enabled, mapped, absolute, quantizers, filterLevels, treeProbabilities);
  }

  /** The segment of the next macroblock. */
  int next(BoolDecoder in) throws EOFException {
    return mapped ? in.tree(TREE, 0, treeProbabilities, 0) : 0;
  }

  int quantizer(int segment, int ofFrame) {
    return adjusted(quantizers[segment], ofFrame);
  }

  int filterLevel(int segment, int ofFrame) {
    return adjusted(filterLevels[segment], ofFrame);
  }

  private int adjusted(int value, int ofFrame) {
    if (!enabled) {
      return ofFrame;
    }
    return absolute ? value : ofFrame + value;
  }
}
