package io.github.llava4j.kernels.tornado;

import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The same as {@link FusionTest} on a real device. */
@EnabledIfSystemProperty(
    named = "tornado.load.runtime.implementation", matches = ".+", disabledReason = "TORNADOVM_HOME is not set")
class TornadoFusionDeviceTest extends FusionTest {

  @Override
  protected Device device(long largestArray) {
    return SmallerDevice.of(largestArray);
  }
}
