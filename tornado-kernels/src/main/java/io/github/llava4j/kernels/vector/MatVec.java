package io.github.llava4j.kernels.vector;

import java.lang.foreign.MemorySegment;

import io.github.llava4j.kernels.cpu.Workers;
import io.github.llava4j.kernels.tensor.Tensor;

/**
 * Matrix products of one row, bound by memory: each weight is read once, straight from where it lies, by
 * workers that each take whole chunks of rows.
 */
final class MatVec {

  /**
   * Outputs per item of work. Whole rows of 4,096 inputs make 140 KiB in Q8_0: long runs for the prefetchers, yet enough
   * items (64 for the smallest layer of a 7B model) to even out what else the machine does.
   */
  private static final int CHUNK = 32;

  // The arrays of a worker's scratch.
  private static final int RESULTS = 0;

  private final Workers workers;
  private final Scratch[] scratch;
  private float[] sums = new float[0];

  MatVec(Workers workers, Scratch[] scratch) {
    this.workers = workers;
    this.scratch = scratch;
  }

  void multiply(float[] in, Tensor weight, float[] bias, boolean accumulate, float[] out) {
    RowKernel kernel = RowKernel.of(weight.type());
    int inputs = weight.columns();
    int outputs = weight.rows();
    int blocks = BlockSums.count(inputs);
    if (sums.length < blocks) {
      sums = new float[blocks];
    }
    if (weight.type().isBlocked()) {
      BlockSums.of(in, inputs, sums);
    }
    workers.forEach((outputs + CHUNK - 1) / CHUNK, (worker, item) -> {
      float[] results = scratch[worker].floats(RESULTS, RowKernel.STREAMS);
      MemorySegment data = weight.data();
      long rowBytes = weight.rowBytes();
      int end = Math.min(outputs, (item + 1) * CHUNK);
      int last = end - 1;
      for (int o = item * CHUNK; o < end; o += RowKernel.STREAMS) {
        // Beyond the end the last row is multiplied again, in place of a variant for fewer rows.
        kernel.dot(
            data, o * rowBytes, Math.min(o + 1, last) * rowBytes, Math.min(o + 2, last) * rowBytes,
            Math.min(o + 3, last) * rowBytes, inputs, in, sums, results);
        for (int j = 0; j < RowKernel.STREAMS && o + j < end; j++) {
          out[o + j] = Finish.apply(results[j], bias, o + j, accumulate, out[o + j]);
        }
      }
    });
  }
}
