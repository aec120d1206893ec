package io.github.llava4j.kernels.tornado;

import java.util.List;

import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** The same as {@link StacksTest} on a real device that pretends to have little memory. */
@EnabledIfSystemProperty(
    named = "tornado.load.runtime.implementation", matches = ".+", disabledReason = "TORNADOVM_HOME is not set")
class TornadoStacksDeviceTest extends StacksTest {

  /** A device, but for the size of its arrays. */
  private record Smaller(Device device, long largestArray) implements Device {

    @Override
    public String describe() {
      return device.describe();
    }

    @Override
    public long memory() {
      return device.memory();
    }

    @Override
    public Runner prepare(List<Graph> graphs, List<TornadoNativeArray> shared, List<FloatArray> results) {
      return device.prepare(graphs, shared, results);
    }
  }

  @Override
  protected Device device(long largestArray) {
    return new Smaller(Devices.choose(System.getProperty("llava4j.test.device", "")), largestArray);
  }
}
