package io.github.llava4j.kernels.tornado;

import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The same as {@link MemoryTest} on a real device that pretends to have little memory. */
@EnabledIfSystemProperty(
    named = "tornado.load.runtime.implementation", matches = ".+", disabledReason = "TORNADOVM_HOME is not set")
class TornadoMemoryDeviceTest extends MemoryTest {

  @Override
  protected Device device(long bytes) {
    return SmallerDevice.ofMemory(bytes);
  }
}
