package io.github.llava4j.kernels.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Normalisations: a group of {@link #LANES} work items per row of {@code width} values. {@link #rms} and {@link #layer}
 * may work in place; {@link #addRms} and {@link #addLayer} first add what a product has left for the residual stream
 * and may not, because TornadoVM hangs on a task that gets an array twice of which the first is written to.
 */
public final class Norm {

  public static final int LANES = 128;

  private Norm() {}

  /** out = x / sqrt(mean(x*x) + eps) * scale. */
  public static void rms(
      KernelContext context, IntArray batch, IntArray marks, FloatArray x, FloatArray scale, FloatArray out,
      int width, float eps) {
    int lane = context.localIdx;
    int base = context.groupIdx * width;
    int layer = batch.get(BatchLayout.LAYER);
    float[] sums = context.allocateFloatLocalArray(LANES);
    float squares = 0f;
    for (int i = lane; i < width; i += LANES) {
      squares += x.get(base + i) * x.get(base + i);
    }
    sums[lane] = squares;
    context.localBarrier();
    for (int half = LANES / 2; half > 0; half = half / 2) {
      if (lane < half) {
        sums[lane] += sums[lane + half];
      }
      context.localBarrier();
    }
    float norm = 1f / TornadoMath.sqrt(sums[0] / width + eps);
    for (int i = lane; i < width; i += LANES) {
      out.set(base + i, x.get(base + i) * norm * scale.get(layer * width + i));
    }
    Marks.leave(context.globalIdx, batch, marks, Marks.RMS_NORM);
  }

  /** x = x + added; out = x / sqrt(mean(x*x) + eps) * scale. */
  public static void addRms(
      KernelContext context, IntArray batch, IntArray marks, FloatArray x, FloatArray added, FloatArray scale,
      FloatArray out, int width, float eps) {
    int lane = context.localIdx;
    int base = context.groupIdx * width;
    int layer = batch.get(BatchLayout.LAYER);
    float[] sums = context.allocateFloatLocalArray(LANES);
    float squares = 0f;
    for (int i = lane; i < width; i += LANES) {
      float value = x.get(base + i) + added.get(base + i);
      x.set(base + i, value);
      squares += value * value;
    }
    sums[lane] = squares;
    context.localBarrier();
    for (int half = LANES / 2; half > 0; half = half / 2) {
      if (lane < half) {
        sums[lane] += sums[lane + half];
      }
      context.localBarrier();
    }
    float norm = 1f / TornadoMath.sqrt(sums[0] / width + eps);
    for (int i = lane; i < width; i += LANES) {
      out.set(base + i, x.get(base + i) * norm * scale.get(layer * width + i));
    }
    Marks.leave(context.globalIdx, batch, marks, Marks.ADD_RMS_NORM);
  }

  /** out = (x - mean) / sqrt(var + eps) * scale + shift. */
  public static void layer(
      KernelContext context, IntArray batch, IntArray marks, FloatArray x, FloatArray scale, FloatArray shift,
      FloatArray out, int width, float eps) {
    int lane = context.localIdx;
    int base = context.groupIdx * width;
    int layer = batch.get(BatchLayout.LAYER);
    float[] sums = context.allocateFloatLocalArray(LANES);
    float sum = 0f;
    for (int i = lane; i < width; i += LANES) {
      sum += x.get(base + i);
    }
    sums[lane] = sum;
    context.localBarrier();
    for (int half = LANES / 2; half > 0; half = half / 2) {
      if (lane < half) {
        sums[lane] += sums[lane + half];
      }
      context.localBarrier();
    }
    float mean = sums[0] / width;
    // All lanes have read the sum before the array is used again.
    context.localBarrier();
    float squares = 0f;
    for (int i = lane; i < width; i += LANES) {
      float distance = x.get(base + i) - mean;
      squares += distance * distance;
    }
    sums[lane] = squares;
    context.localBarrier();
    for (int half = LANES / 2; half > 0; half = half / 2) {
      if (lane < half) {
        sums[lane] += sums[lane + half];
      }
      context.localBarrier();
    }
    float norm = 1f / TornadoMath.sqrt(sums[0] / width + eps);
    for (int i = lane; i < width; i += LANES) {
      out.set(base + i, (x.get(base + i) - mean) * norm * scale.get(layer * width + i) + shift.get(layer * width + i));
    }
    Marks.leave(context.globalIdx, batch, marks, Marks.LAYER_NORM);
  }

  /** x = x + added; out = (x - mean) / sqrt(var + eps) * scale + shift. */
  public static void addLayer(
      KernelContext context, IntArray batch, IntArray marks, FloatArray x, FloatArray added, FloatArray scale,
      FloatArray shift, FloatArray out, int width, float eps) {
    int lane = context.localIdx;
    int base = context.groupIdx * width;
    int layer = batch.get(BatchLayout.LAYER);
    float[] sums = context.allocateFloatLocalArray(LANES);
    float sum = 0f;
    for (int i = lane; i < width; i += LANES) {
      float value = x.get(base + i) + added.get(base + i);
      x.set(base + i, value);
      sum += value;
    }
    sums[lane] = sum;
    context.localBarrier();
    for (int half = LANES / 2; half > 0; half = half / 2) {
      if (lane < half) {
        sums[lane] += sums[lane + half];
      }
      context.localBarrier();
    }
    float mean = sums[0] / width;
    // All lanes have read the sum before the array is used again.
    context.localBarrier();
    float squares = 0f;
    for (int i = lane; i < width; i += LANES) {
      float distance = x.get(base + i) - mean;
      squares += distance * distance;
    }
    sums[lane] = squares;
    context.localBarrier();
    for (int half = LANES / 2; half > 0; half = half / 2) {
      if (lane < half) {
        sums[lane] += sums[lane + half];
      }
      context.localBarrier();
    }
    float norm = 1f / TornadoMath.sqrt(sums[0] / width + eps);
    for (int i = lane; i < width; i += LANES) {
      out.set(base + i, (x.get(base + i) - mean) * norm * scale.get(layer * width + i) + shift.get(layer * width + i));
    }
    Marks.leave(context.globalIdx, batch, marks, Marks.ADD_LAYER_NORM);
  }
}
