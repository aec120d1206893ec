package io.github.llava4j.kernels.vector;

import io.github.llava4j.kernels.cpu.CpuBackend;
import jdk.incubator.vector.FloatVector;

/** The Vector API on all cores: the fast way to run on a CPU. */
public final class VectorBackend extends CpuBackend {

  public VectorBackend(int threads) {
    super(threads, VectorKernels::new);
  }

  @Override
  public String id() {
    return "vector";
  }

  @Override
  public String describe() {
    return "Java Vector API, " + FloatVector.SPECIES_PREFERRED.vectorBitSize() + " bit, on " + threads() + " threads";
  }
}
