package io.github.llava4j.kernels.vector;

/**
 * Sums of 32 adjacent activations: what a format's offsets are multiplied with, computed once for all rows instead of
 * once for each.
 */
final class BlockSums {

  static final int LENGTH = 32;

  private BlockSums() {}

  static int count(int columns) {
    return columns / LENGTH;
  }

  /** Writes the sums of the {@code columns} values of {@code x} to {@code sums}. */
  static void of(float[] x, int columns, float[] sums) {
    for (int b = 0; b < count(columns); b++) {
      float sum = 0;
      for (int i = 0; i < LENGTH; i++) {
        sum += x[b * LENGTH + i];
      }
      sums[b] = sum;
    }
  }
}
