package io.github.llava4j.kernels.scalar;

import io.github.llava4j.kernels.cpu.CpuBackend;

/** Plain Java with double sums: slow, and the reference that the other backends are measured against. */
public final class ScalarBackend extends CpuBackend {

  public ScalarBackend(int threads) {
    super(threads, ScalarKernels::new);
  }

  @Override
  public String id() {
    return "scalar";
  }

  @Override
  public String describe() {
    return "plain Java with double sums on " + threads() + " threads";
  }
}
