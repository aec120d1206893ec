package io.github.llava4j.kernels.tornado;

import io.github.llava4j.kernels.Buffer.Extent;

/**
 * The numbers that the grids of one run follow from.
 *
 * @param rows rows of the batch
 * @param outputs wanted rows, at least 1
 * @param slots one more than the largest slot
 * @param chunks of keys that the longest row sees
 * @param tiles of query rows
 * @param copied positions that a copy between slots moves
 */
record RunShape(int rows, int outputs, int slots, int chunks, int tiles, int copied) {

  /** A run that only copies between slots. */
  static RunShape copy(int length) {
    return new RunShape(1, 1, 1, 1, 1, length);
  }

  int count(Extent extent) {
    return switch (extent) {
      case ROWS -> rows;
      case OUTPUTS -> outputs;
      case SLOTS -> slots;
    };
  }
}
