package io.github.llava4j.kernels.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** One work item per value; the grid may have more items than there are values. */
public final class Elementwise {

  public static final int QUICK_GELU = 0;
  public static final int GELU = 1;
  public static final int SILU = 2;

  private Elementwise() {}

  /** The activation of that number at {@code x}. */
  public static float apply(int function, float x) {
    float y;
    if (function == QUICK_GELU) {
      y = x * sigmoid(1.702f * x);
    } else if (function == GELU) {
      y = 0.5f * x * (1f + erf(x * 0.70710678f));
    } else {
      y = x * sigmoid(x);
    }
    return y;
  }

  /** Kept from overflow, because a device may compile exp without infinities. */
  private static float sigmoid(float x) {
    return 1f / (1f + TornadoMath.exp(TornadoMath.min(-x, 80f)));
  }

  /** The error function to 1.5e-7: Abramowitz and Stegun 7.1.26. */
  private static float erf(float x) {
    float a = TornadoMath.abs(x);
    float t = 1f / (1f + 0.3275911f * a);
    float poly = t * (0.254829592f + t * (-0.284496736f + t * (1.421413741f + t * (-1.453152027f + t * 1.061405429f))));
    float positive = 1f - poly * TornadoMath.exp(TornadoMath.max(-a * a, -80f));
    return x < 0f ? -positive : positive;
  }

  /** x = function(x), [count, width]. */
  public static void activate(
      KernelContext context, IntArray batch, IntArray marks, int extent, FloatArray x, int width, int function) {
    int i = context.globalIdx;
    if (i < batch.get(extent) * width) {
      x.set(i, apply(function, x.get(i)));
    }
    Marks.leave(context.globalIdx, batch, marks, Marks.ACTIVATE);
  }

  /** gate = function(gate) * up, [count, width]. */
  public static void gate(
      KernelContext context, IntArray batch, IntArray marks, int extent, FloatArray gate, FloatArray up, int width,
      int function) {
    int i = context.globalIdx;
    if (i < batch.get(extent) * width) {
      gate.set(i, apply(function, gate.get(i)) * up.get(i));
    }
    Marks.leave(context.globalIdx, batch, marks, Marks.GATE);
  }

  /**
   * Copies [count, width] values: what the host has sent to where the kernels expect it. It leaves its mark only if these
   * values came with the same order as the batch.
   *
   * @param seal where {@code from} has the number of its order
   */
  public static void copy(
      KernelContext context, IntArray batch, IntArray marks, int extent, FloatArray from, FloatArray to, int width,
      int seal) {
    int i = context.globalIdx;
    if (i < batch.get(extent) * width) {
      to.set(i, from.get(i));
    }
    if ((int) from.get(seal) == batch.get(BatchLayout.ORDER)) {
      Marks.leave(i, batch, marks, Marks.COPY);
    }
  }

  /**
   * Copies the wanted rows of {@code x} to columns {@code column + round * step} and on of {@code out}.
   *
   * @param outputsAt where the batch lists the wanted rows
   */
  public static void pick(
      KernelContext context, IntArray batch, IntArray marks, int outputsAt, FloatArray x, FloatArray out, int width,
      int outWidth, int column, int step) {
    int i = context.globalIdx;
    if (i < batch.get(BatchLayout.OUTPUTS) * width) {
      int row = batch.get(outputsAt + i / width);
      int to = i / width * outWidth + column + batch.get(BatchLayout.ROUND) * step + i % width;
      out.set(to, x.get(row * width + i % width));
    }
    Marks.leave(context.globalIdx, batch, marks, Marks.PICK);
  }

  /**
   * Rotates pairs of values by their row's position. One work item per pair.
   *
   * @param rotations [context, headDim]: of each position the cosines of its angles, then their sines
   * @param interleaved 1 if value 2i is paired with 2i+1, 0 if i with i + headDim/2
   */
  public static void rope(
      KernelContext context, IntArray batch, IntArray marks, int positionsAt, FloatArray x, FloatArray rotations,
      int heads, int headDim, int interleaved) {
    int i = context.globalIdx;
    int half = headDim / 2;
    if (i < batch.get(BatchLayout.ROWS) * heads * half) {
      int pair = i % half;
      int at = i / half * headDim;
      int first = interleaved == 1 ? at + 2 * pair : at + pair;
      int second = interleaved == 1 ? first + 1 : first + half;
      int angle = batch.get(positionsAt + i / (half * heads)) * headDim + pair;
      float c = rotations.get(angle);
      float s = rotations.get(angle + half);
      float a = x.get(first);
      float b = x.get(second);
      x.set(first, a * c - b * s);
      x.set(second, b * c + a * s);
    }
    Marks.leave(context.globalIdx, batch, marks, Marks.ROPE);
  }
}
