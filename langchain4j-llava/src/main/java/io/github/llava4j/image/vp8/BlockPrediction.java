package io.github.llava4j.image.vp8;

import java.util.Arrays;

/** Prediction of whole macroblocks, luma or chroma: RFC 6386, sections 12.2 and 12.3. */
final class BlockPrediction {

  private BlockPrediction() {}

  /**
   * Predicts a square.
   *
   * @param at its first sample
   * @param hasAbove whether there are samples of the picture above it
   * @param hasLeft whether there are some to the left
   */
  static void predict(BlockMode mode, Plane plane, int at, int size, boolean hasAbove, boolean hasLeft) {
    switch (mode) {
      case DC -> fill(plane, at, size, average(plane, at, size, hasAbove, hasLeft));
      case VERTICAL -> {
        for (int y = 0; y < size; y++) {
          System.arraycopy(plane.samples(), at - plane.stride(), plane.samples(), at + y * plane.stride(), size);
        }
      }
      case HORIZONTAL -> {
        for (int y = 0; y < size; y++) {
          int row = at + y * plane.stride();
          Arrays.fill(plane.samples(), row, row + size, plane.samples()[row - 1]);
        }
      }
      case TRUE_MOTION -> trueMotion(plane, at, size);
      case SUBBLOCKS -> throw new AssertionError("subblocks are predicted one by one");
    }
  }

  /** Goes on with the differences between the samples above, from the samples to the left. */
  static void trueMotion(Plane plane, int at, int size) {
    int above = at - plane.stride();
    int corner = plane.get(above - 1);
    for (int y = 0; y < size; y++) {
      int row = at + y * plane.stride();
      int difference = plane.get(row - 1) - corner;
      for (int x = 0; x < size; x++) {
        plane.setClamped(row + x, plane.get(above + x) + difference);
      }
    }
  }

  static void fill(Plane plane, int at, int size, int value) {
    for (int y = 0; y < size; y++) {
      int row = at + y * plane.stride();
      Arrays.fill(plane.samples(), row, row + size, (byte) value);
    }
  }

  /** Of the samples that exist: unlike the other modes, this one does not use what is assumed beyond the edges. */
  private static int average(Plane plane, int at, int size, boolean hasAbove, boolean hasLeft) {
    int sum = 0;
    int count = 0;
    if (hasAbove) {
      for (int x = 0; x < size; x++) {
        sum += plane.get(at - plane.stride() + x);
      }
      count += size;
    }
    if (hasLeft) {
      for (int y = 0; y < size; y++) {
        sum += plane.get(at + y * plane.stride() - 1);
      }
      count += size;
    }
    return count == 0 ? 128 : (sum + count / 2) / count;
  }
}
