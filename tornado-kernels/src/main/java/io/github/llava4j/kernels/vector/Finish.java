package io.github.llava4j.kernels.vector;

import org.jspecify.annotations.Nullable;

/** What becomes of a sum of products at the end of a matrix product. */
final class Finish {

  private Finish() {}

  /** {@code sum} plus its bias, if any, plus the {@code old} result if {@code accumulate}. */
  static float apply(float sum, float @Nullable [] bias, int output, boolean accumulate, float old) {
    float result = bias == null ? sum : sum + bias[output];
    return accumulate ? result + old : result;
  }
}
