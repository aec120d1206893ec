package io.github.llava4j.kernels.tornado;

import java.util.EnumSet;

import io.github.llava4j.kernels.Backend;
import io.github.llava4j.kernels.BackendContract;
import io.github.llava4j.kernels.tensor.DType;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The same as {@link EmulatedBackendTest} on a real device, where the build was given a TornadoVM. */
@EnabledIfSystemProperty(
    named = "tornado.load.runtime.implementation", matches = ".+", disabledReason = "TORNADOVM_HOME is not set")
class TornadoDeviceTest extends BackendContract {

  @Override
  protected Backend backend() {
    return TornadoBackend.open(System.getProperty("llava4j.test.device", ""));
  }

  @Override
  protected EnumSet<DType> types() {
    return EnumSet.of(DType.F32, DType.F16, DType.BF16, DType.Q8_0, DType.Q4_0);
  }

  @Override
  protected int[] sizes() {
    return new int[] {1, 2, 17, 33, 100};
  }

  @Override
  protected int aborts() {
    return 4;
  }

  @Override
  protected int longProgram() {
    return 3000;
  }
}
