package io.github.llava4j.kernels.cpu;

import org.jspecify.annotations.Nullable;

/** A matrix as a backend wants it for products: where it is stored, or repacked. Made by {@link CpuKernels#prepare}. */
@FunctionalInterface
public interface CpuMatrix {

  /**
   * out[r][o] = sum over i of in[r][i] * matrix[o][i], plus bias[o], plus the old out[r][o] if {@code accumulate}.
   *
   * @param in [rows, columns of the matrix]
   * @param bias [rows of the matrix]
   * @param out [rows, rows of the matrix]
   */
  void multiply(float[] in, int rows, float @Nullable [] bias, boolean accumulate, float[] out);
}
