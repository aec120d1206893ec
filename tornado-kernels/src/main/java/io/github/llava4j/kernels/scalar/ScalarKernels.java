package io.github.llava4j.kernels.scalar;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.IntConsumer;
import java.util.function.IntUnaryOperator;

import io.github.llava4j.kernels.Op;
import io.github.llava4j.kernels.cpu.CpuKernels;
import io.github.llava4j.kernels.cpu.KvStore;
import io.github.llava4j.kernels.cpu.Workers;
import io.github.llava4j.kernels.tensor.Tensor;

/** The oracle: every operation as its formula reads, sums in double, rounded once at the end. */
final class ScalarKernels implements CpuKernels {

  /** Values per item of work. */
  private static final int CHUNK = 4096;

  private final Workers workers;

  ScalarKernels(Workers workers) {
    this.workers = workers;
  }

  @Override
  public void matMul(float[] in, int rows, Tensor weight, float[] bias, boolean accumulate, float[] out) {
    int inputs = weight.columns();
    int outputs = weight.rows();
    workers.forEach(outputs, o -> {
      float[] w = new float[inputs];
      weight.readRow(o, w, 0);
      for (int row = 0; row < rows; row++) {
        workers.check();
        double sum = bias == null ? 0 : bias[o];
        for (int i = 0; i < inputs; i++) {
          sum += (double) in[row * inputs + i] * w[i];
        }
        int at = row * outputs + o;
        out[at] = (float) (accumulate ? out[at] + sum : sum);
      }
    });
  }

  @Override
  public void rmsNorm(float[] in, int rows, float[] scale, float eps, float[] out) {
    int width = scale.length;
    workers.forEach(rows, row -> {
      int base = row * width;
      double squares = 0;
      for (int i = 0; i < width; i++) {
        squares += (double) in[base + i] * in[base + i];
      }
      double norm = 1 / Math.sqrt(squares / width + eps);
      for (int i = 0; i < width; i++) {
        out[base + i] = (float) (in[base + i] * norm * scale[i]);
      }
    });
  }

  @Override
  public void layerNorm(float[] in, int rows, float[] scale, float[] shift, float eps, float[] out) {
    int width = scale.length;
    workers.forEach(rows, row -> {
      int base = row * width;
      double sum = 0;
      for (int i = 0; i < width; i++) {
        sum += in[base + i];
      }
      double mean = sum / width;
      double squares = 0;
      for (int i = 0; i < width; i++) {
        squares += (in[base + i] - mean) * (in[base + i] - mean);
      }
      double norm = 1 / Math.sqrt(squares / width + eps);
      for (int i = 0; i < width; i++) {
        out[base + i] = (float) ((in[base + i] - mean) * norm * scale[i] + shift[i]);
      }
    });
  }

  @Override
  public void rope(float[] x, int rows, int heads, int headDim, float[] cos, float[] sin, Op.RopeLayout layout) {
    int half = headDim / 2;
    workers.forEach(rows, row -> {
      for (int head = 0; head < heads; head++) {
        int base = (row * heads + head) * headDim;
        for (int i = 0; i < half; i++) {
          int first = base + (layout == Op.RopeLayout.HALF_SPLIT ? i : 2 * i);
          int second = layout == Op.RopeLayout.HALF_SPLIT ? first + half : first + 1;
          double c = cos[row * half + i];
          double s = sin[row * half + i];
          double a = x[first];
          double b = x[second];
          x[first] = (float) (a * c - b * s);
          x[second] = (float) (b * c + a * s);
        }
      }
    });
  }

  @Override
  public void cachedAttention(
      float[] query, int rows, int[] slots, int[] positions, KvStore cache, int layer, int heads, int window,
      float[] out) {
    int headDim = cache.headDim();
    int group = heads / cache.kvHeads();
    workers.forEach(rows * heads, item -> {
      int row = item / heads;
      int at = item % heads / group * headDim;
      int slot = slots[row];
      int first = window > 0 ? Math.max(0, positions[row] - window + 1) : 0;
      Values keys = (key, i) -> read(cache.keys(layer, slot, key), key % KvStore.BLOCK * cache.width() + at + i);
      Values values = (key, i) -> read(cache.values(layer, slot, key), key % KvStore.BLOCK * cache.width() + at + i);
      attend(query, item * headDim, headDim, first, positions[row] + 1, keys, values, out);
    });
  }

  private static float read(MemorySegment block, int index) {
    return block.getAtIndex(ValueLayout.JAVA_FLOAT, index);
  }

  @Override
  public void selfAttention(
      float[] query, float[] key, float[] value, int rows, int[] slots, int heads, int width, float[] out) {
    int headDim = width / heads;
    workers.forEach(rows * heads, item -> {
      int row = item / heads;
      int head = item % heads;
      int first = edge(row, r -> r - 1, rows, slots);
      int last = edge(row, r -> r + 1, rows, slots);
      Values keys = (k, i) -> key[k * width + head * headDim + i];
      Values values = (k, i) -> value[k * width + head * headDim + i];
      attend(query, item * headDim, headDim, first, last + 1, keys, values, out);
    });
  }

  /** The outermost row of the same slot in the direction of {@code step}. */
  private static int edge(int row, IntUnaryOperator step, int rows, int[] slots) {
    int edge = row;
    for (int r = row; r >= 0 && r < rows && slots[r] == slots[row]; r = step.applyAsInt(r)) {
      edge = r;
    }
    return edge;
  }

  /** Value {@code i} of key or value number {@code key}. */
  private interface Values {
    float at(int key, int i);
  }

  private static void attend(
      float[] query, int at, int headDim, int from, int to, Values keys, Values values, float[] out) {
    double[] scores = new double[to - from];
    double max = Double.NEGATIVE_INFINITY;
    for (int k = from; k < to; k++) {
      double dot = 0;
      for (int i = 0; i < headDim; i++) {
        dot += (double) query[at + i] * keys.at(k, i);
      }
      scores[k - from] = dot / Math.sqrt(headDim);
      max = Math.max(max, scores[k - from]);
    }
    double[] mixed = new double[headDim];
    double total = 0;
    for (int k = from; k < to; k++) {
      double weight = Math.exp(scores[k - from] - max);
      total += weight;
      for (int i = 0; i < headDim; i++) {
        mixed[i] += weight * values.at(k, i);
      }
    }
    for (int i = 0; i < headDim; i++) {
      out[at + i] = (float) (mixed[i] / total);
    }
  }

  @Override
  public void activate(Op.Activation function, float[] x, int count) {
    forEachValue(count, i -> x[i] = (float) apply(function, x[i]));
  }

  @Override
  public void gate(Op.Activation function, float[] gate, float[] up, int count) {
    forEachValue(count, i -> gate[i] = (float) (apply(function, gate[i]) * up[i]));
  }

  private void forEachValue(int count, IntConsumer task) {
    workers.forEach((count + CHUNK - 1) / CHUNK, item -> {
      int end = Math.min(count, (item + 1) * CHUNK);
      for (int i = item * CHUNK; i < end; i++) {
        task.accept(i);
      }
    });
  }

  private static double apply(Op.Activation function, double x) {
    return switch (function) {
      case QUICK_GELU -> x / (1 + Math.exp(-1.702 * x));
      case SILU -> x / (1 + Math.exp(-x));
      case GELU -> x * 0.5 * Erf.erfc(-x / Math.sqrt(2));
    };
  }
}
