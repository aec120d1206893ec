package io.github.llava4j.kernels.vector;


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

  private final Workers workers;
  private float[] sums = new float[0];

  MatVec(Workers workers) {
    this.workers = workers;
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
    workers.forEach((outputs + CHUNK - 1) / CHUNK, item -> {
      int end = Math.min(outputs, (item + 1) * CHUNK);
      for (int o = item * CHUNK; o < end; o++) {
        workers.check();
        float sum = kernel.dot(weight.data(), o * weight.rowBytes(), inputs, in, sums);
        out[o] = Finish.apply(sum, bias, o, accumulate, out[o]);
      }
    });
  }
}
