package io.github.llava4j.kernels.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Greedy sampling, so that one number per row comes back from the device instead of all logits. */
public final class ArgMax {

  /** Work items that share a row. */
  public static final int LANES = 256;

  private ArgMax() {}

  /**
   * The first column of the largest value of each row. A group of {@link #LANES} per row.
   *
   * @param x [rows, width]
   * @param out [rows]
   */
  public static void column(KernelContext context, IntArray batch, FloatArray x, FloatArray out, int width) {
    int lane = context.localIdx;
    int base = context.groupIdx * width;
    float[] values = context.allocateFloatLocalArray(LANES);
    // Columns as floats: exact for all rows that Op.ArgMax takes, and what the result is made of anyway.
    float[] columns = context.allocateFloatLocalArray(LANES);
    // Every lane starts with the first value instead of a sentinel, so that a NaN there stays, as on the CPU.
    float best = x.get(base);
    float column = 0f;
    for (int i = lane; i < width; i += LANES) {
      float value = x.get(base + i);
      if (value > best) {
        best = value;
        column = (float) i;
      }
    }
    values[lane] = best;
    columns[lane] = column;
    context.localBarrier();
    for (int half = LANES / 2; half > 0; half = half / 2) {
      if (lane < half) {
        float other = values[lane + half];
        float otherColumn = columns[lane + half];
        if (other > values[lane] || (other == values[lane] && otherColumn < columns[lane])) {
          values[lane] = other;
          columns[lane] = otherColumn;
        }
      }
      context.localBarrier();
    }
    if (lane == 0) {
      out.set(context.groupIdx, columns[0]);
    }
  }
}
