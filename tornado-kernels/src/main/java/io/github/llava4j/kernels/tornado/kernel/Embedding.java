package io.github.llava4j.kernels.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** What programs begin with. One work item per value of the result. */
public final class Embedding {

  private Embedding() {}

  /** Row r of {@code out} is row tokens[r] of the table, or row r of {@code given} where the token is negative. */
  public static void embed(
      KernelContext context, IntArray batch, IntArray marks, int tokensAt, FloatArray floats, IntArray ints,
      FloatArray given, FloatArray out, int format, int width, int stride) {
    int i = context.globalIdx;
    if (i < batch.get(BatchLayout.ROWS) * width) {
      int token = batch.get(tokensAt + i / width);
      if (token < 0) {
        out.set(i, given.get(i));
      } else {
        out.set(i, Packed.value(format, floats, ints, token, stride, i % width));
      }
    }
    Marks.leave(context.globalIdx, batch, marks, Marks.EMBED);
  }

  /**
   * The patch at each row's position times the kernel, read where it lies in the picture; the class token at position
   * 0; plus the row of {@code positions}.
   *
   * @param capacity see {@link BatchLayout}
   * @param pixels [slots, 3, size, size]
   */
  public static void patch(
      KernelContext context, IntArray batch, IntArray marks, int capacity, FloatArray pixels, FloatArray floats,
      IntArray ints, FloatArray classToken, FloatArray positions, FloatArray out, int format, int stride, int size,
      int patch, int width) {
    int i = context.globalIdx;
    if (i < batch.get(BatchLayout.ROWS) * width) {
      int row = i / width;
      int column = i % width;
      int position = batch.get(BatchLayout.positions(capacity) + row);
      float sum = 0f;
      if (position == 0) {
        sum = classToken.get(column);
      } else {
        int grid = size / patch;
        int top = (position - 1) / grid * patch;
        int left = (position - 1) % grid * patch;
        int picture = batch.get(BatchLayout.slots(capacity) + row) * 3 * size * size;
        // One flat loop: TornadoVM would unroll three nested short ones into hundreds of steps.
        for (int k = 0; k < 3 * patch * patch; k++) {
          int channel = k / (patch * patch);
          int inPatch = k % (patch * patch);
          int pixel = picture + (channel * size + top + inPatch / patch) * size + left + inPatch % patch;
          sum += pixels.get(pixel) * Packed.value(format, floats, ints, column, stride, k);
        }
      }
      out.set(i, sum + positions.get(position * width + column));
    }
    Marks.leave(context.globalIdx, batch, marks, Marks.PATCH_EMBED);
  }
}
