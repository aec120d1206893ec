package io.github.llava4j.kernels.vector;

import java.util.Arrays;

import io.github.llava4j.kernels.cpu.Workers;
import io.github.llava4j.kernels.tensor.Tensor;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Matrix products of a few rows, or of one row with a type that has no {@link RowKernel#dot}: four rows of the weight are
 * read as float32, a piece at a time, and multiplied with all rows while they are in the first-level cache.
 */
final class FewRows {

  private static final int OUTPUTS = 4;

  /** Inputs read at once: four rows of them are 16 KiB. A multiple of every format's block. */
  private static final int PIECE = 1024;

  /** Outputs per item of work; see {@link MatVec}. */
  private static final int CHUNK = 32;

  // The arrays of a worker's scratch.
  private static final int WEIGHTS = 0;
  private static final int SUMS = 1;

  private final Workers workers;
  private final Scratch[] scratch;

  FewRows(Workers workers, Scratch[] scratch) {
    this.workers = workers;
    this.scratch = scratch;
  }

  void multiply(float[] in, int rows, Tensor weight, float[] bias, boolean accumulate, float[] out) {
    RowKernel kernel = RowKernel.of(weight.type());
    int inputs = weight.columns();
    int outputs = weight.rows();
    workers.forEach((outputs + CHUNK - 1) / CHUNK, (worker, item) -> {
      float[] weights = scratch[worker].floats(WEIGHTS, OUTPUTS * PIECE);
      float[] sums = scratch[worker].floats(SUMS, rows * OUTPUTS);
      int end = Math.min(outputs, (item + 1) * CHUNK);
      for (int o = item * CHUNK; o < end; o += OUTPUTS) {
        workers.check();
        int count = Math.min(OUTPUTS, end - o);
        Arrays.fill(sums, 0, rows * OUTPUTS, 0);
        for (int i = 0; i < inputs; i += PIECE) {
          int length = Math.min(PIECE, inputs - i);
          for (int j = 0; j < count; j++) {
            long at = (o + j) * weight.rowBytes() + weight.type().bytes(i);
            kernel.read(weight.data(), at, weights, j * PIECE, length);
          }
          for (int r = 0; r < rows; r++) {
            dot(weights, length, in, r * inputs + i, sums, r * OUTPUTS);
          }
        }
        for (int r = 0; r < rows; r++) {
          for (int j = 0; j < count; j++) {
            int to = r * outputs + o + j;
            out[to] = Finish.apply(sums[r * OUTPUTS + j], bias, o + j, accumulate, out[to]);
          }
        }
      }
    });
  }

  /** Adds the products of four rows of {@code weights} with one piece of a row. */
  private static void dot(float[] weights, int length, float[] x, int xAt, float[] sums, int to) {
    FloatVector s0 = Lanes.zero();
    FloatVector s1 = Lanes.zero();
    FloatVector s2 = Lanes.zero();
    FloatVector s3 = Lanes.zero();
    int whole = Lanes.F.loopBound(length);
    for (int i = 0; i < whole; i += Lanes.N) {
      FloatVector v = Lanes.load(x, xAt + i);
      s0 = Lanes.load(weights, i).fma(v, s0);
      s1 = Lanes.load(weights, i + PIECE).fma(v, s1);
      s2 = Lanes.load(weights, i + 2 * PIECE).fma(v, s2);
      s3 = Lanes.load(weights, i + 3 * PIECE).fma(v, s3);
    }
    sums[to] += s0.reduceLanes(VectorOperators.ADD);
    sums[to + 1] += s1.reduceLanes(VectorOperators.ADD);
    sums[to + 2] += s2.reduceLanes(VectorOperators.ADD);
    sums[to + 3] += s3.reduceLanes(VectorOperators.ADD);
    for (int i = whole; i < length; i++) {
      for (int j = 0; j < OUTPUTS; j++) {
        sums[to + j] += weights[i + j * PIECE] * x[xAt + i];
      }
    }
  }
}
