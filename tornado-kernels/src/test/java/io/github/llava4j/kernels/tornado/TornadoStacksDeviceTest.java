package io.github.llava4j.kernels.tornado;

import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The same as {@link StacksTest} on a real device that pretends to have little memory. */
@EnabledIfSystemProperty(
    named = "tornado.load.runtime.implementation", matches = ".+", disabledReason = "TORNADOVM_HOME is not set")
class TornadoStacksDeviceTest extends StacksTest {

  @Override
  protected Device device(long largestArray) {
    return SmallerDevice.of(largestArray);
  }
}
