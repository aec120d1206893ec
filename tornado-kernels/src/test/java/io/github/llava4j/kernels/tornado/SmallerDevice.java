package io.github.llava4j.kernels.tornado;

import java.util.List;

import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** A device, but for the size of its arrays and of its memory. */
record SmallerDevice(Device device, long largestArray, MemoryPool memory) implements Device {

  /** The device that the tests run on. */
  static Device of(long largestArray) {
    Device device = Devices.choose(System.getProperty("llava4j.test.device", ""));
    return new SmallerDevice(device, largestArray, device.memory());
  }

  /** The device that the tests run on, with {@code bytes} of memory. */
  static Device ofMemory(long bytes) {
    Device device = Devices.choose(System.getProperty("llava4j.test.device", ""));
    return new SmallerDevice(device, device.largestArray(), MemoryPool.ofDevice(device.describe(), () -> bytes));
  }

  @Override
  public String describe() {
    return device.describe();
  }

  @Override
  public Runner prepare(
      String program, List<Graph> graphs, List<TornadoNativeArray> shared, List<TornadoNativeArray> read) {
    return device.prepare(program, graphs, shared, read);
  }
}
