package io.github.llava4j.kernels.tornado;

import java.util.EnumSet;

import io.github.llava4j.kernels.Backend;
import io.github.llava4j.kernels.BackendContract;
import io.github.llava4j.kernels.tensor.DType;

/** The kernels and graphs against the oracle, without TornadoVM. */
class EmulatedBackendTest extends BackendContract {

  @Override
  protected Backend backend() {
    return new TornadoBackend(new EmulatedDevice(1L << 31, 1L << 40), null);
  }

  @Override
  protected EnumSet<DType> types() {
    return EnumSet.of(DType.F32, DType.F16, DType.BF16, DType.Q8_0, DType.Q4_0);
  }

  @Override
  protected int aborts() {
    return 4;
  }

  @Override
  protected int longProgram() {
    return 1000;
  }
}
