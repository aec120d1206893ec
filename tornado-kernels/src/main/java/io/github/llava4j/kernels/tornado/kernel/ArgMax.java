package io.github.llava4j.kernels.tornado.kernel;

import io.github.llava4j.kernels.Op;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Greedy sampling, so that one number per row comes back from the device instead of all logits. */
public final class ArgMax {

  /** Work items that share a row. */
  public static final int LANES = 256;

  private ArgMax() {}

  /**
   * The first column of the largest value of each row, -1 if none is larger than {@link Op.ArgMax#LOWEST}. A group of {@link #LANES} per row.
   *
   * @param x [rows, width]
   * @param out [rows]
   */
  public static void column(
      KernelContext context, IntArray batch, IntArray marks, FloatArray x, FloatArray out, int width) {
    int lane = context.localIdx;
    int base = context.groupIdx * width;
    float[] values = context.allocateFloatLocalArray(LANES);
    // Columns as floats: exact for all rows that Op.ArgMax takes, and what the result is made of anyway.
    float[] columns = context.allocateFloatLocalArray(LANES);
    float best = Op.ArgMax.LOWEST;
    float column = -1f;
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
    Marks.leave(context.globalIdx, batch, marks, Marks.ARG_MAX);
  }
}
