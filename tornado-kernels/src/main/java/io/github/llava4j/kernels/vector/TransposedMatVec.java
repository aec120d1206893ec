package io.github.llava4j.kernels.vector;

import java.util.Arrays;

import io.github.llava4j.kernels.cpu.Workers;
import io.github.llava4j.kernels.tensor.Tensor;
import jdk.incubator.vector.FloatVector;

/**
 * Matrix products of a few rows with a weight whose bytes lie [in, out]: instead of an inner product per output, all
 * outputs of a chunk are summed side by side while the inputs go by.
 */
final class TransposedMatVec {

  /** Inputs at once: as many streams from memory, and as many products per load and store of a sum. */
  private static final int INPUTS = 8;

  /** Outputs per item of work: runs of 2 KiB in float32, and the eight of them and the sums in the first-level cache. */
  private static final int CHUNK = 512;

  // The arrays of a worker's scratch.
  private static final int WEIGHTS = 0;
  private static final int SUMS = 1;

  private final Workers workers;
  private final Scratch[] scratch;

  TransposedMatVec(Workers workers, Scratch[] scratch) {
    this.workers = workers;
    this.scratch = scratch;
  }

  void multiply(float[] in, int rows, Tensor weight, float[] bias, boolean accumulate, float[] out) {
    RowKernel kernel = RowKernel.of(weight.type());
    int inputs = weight.columns();
    int outputs = weight.rows();
    workers.forEach((outputs + CHUNK - 1) / CHUNK, (worker, item) -> {
      float[] weights = scratch[worker].floats(WEIGHTS, INPUTS * CHUNK);
      float[] sums = scratch[worker].floats(SUMS, rows * CHUNK);
      Arrays.fill(sums, 0, rows * CHUNK, 0);
      int first = item * CHUNK;
      int count = Math.min(CHUNK, outputs - first);
      for (int i = 0; i < inputs; i += INPUTS) {
        workers.check();
        int step = Math.min(INPUTS, inputs - i);
        for (int k = 0; k < step; k++) {
          long at = weight.type().bytes((long) (i + k) * outputs + first);
          kernel.read(weight.data(), at, weights, k * CHUNK, count);
        }
        Arrays.fill(weights, step * CHUNK, INPUTS * CHUNK, 0);
        for (int r = 0; r < rows; r++) {
          add(weights, in, r * inputs + i, step, sums, r * CHUNK, count);
        }
      }
      for (int r = 0; r < rows; r++) {
        for (int o = 0; o < count; o++) {
          int to = r * outputs + first + o;
          out[to] = Finish.apply(sums[r * CHUNK + o], bias, first + o, accumulate, out[to]);
        }
      }
    });
  }

  /** Adds {@code step} inputs' products to {@code count} sums, rounded up to whole vectors. */
  private static void add(float[] weights, float[] x, int xAt, int step, float[] sums, int sumsAt, int count) {
    FloatVector x0 = value(x, xAt, 0, step);
    FloatVector x1 = value(x, xAt, 1, step);
    FloatVector x2 = value(x, xAt, 2, step);
    FloatVector x3 = value(x, xAt, 3, step);
    FloatVector x4 = value(x, xAt, 4, step);
    FloatVector x5 = value(x, xAt, 5, step);
    FloatVector x6 = value(x, xAt, 6, step);
    FloatVector x7 = value(x, xAt, 7, step);
    for (int o = 0; o < count; o += Lanes.N) {
      FloatVector even = Lanes.load(sums, sumsAt + o);
      even = Lanes.load(weights, o).fma(x0, even);
      FloatVector odd = Lanes.load(weights, CHUNK + o).mul(x1);
      even = Lanes.load(weights, 2 * CHUNK + o).fma(x2, even);
      odd = Lanes.load(weights, 3 * CHUNK + o).fma(x3, odd);
      even = Lanes.load(weights, 4 * CHUNK + o).fma(x4, even);
      odd = Lanes.load(weights, 5 * CHUNK + o).fma(x5, odd);
      even = Lanes.load(weights, 6 * CHUNK + o).fma(x6, even);
      odd = Lanes.load(weights, 7 * CHUNK + o).fma(x7, odd);
      even.add(odd).intoArray(sums, sumsAt + o);
    }
  }

  private static FloatVector value(float[] x, int xAt, int k, int step) {
    return FloatVector.broadcast(Lanes.F, k < step ? x[xAt + k] : 0);
  }
}
