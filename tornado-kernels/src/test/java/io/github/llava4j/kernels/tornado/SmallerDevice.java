package io.github.llava4j.kernels.tornado;

import java.util.List;

import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** A device, but for the size of its arrays. */
record SmallerDevice(Device device, long largestArray) implements Device {

  /** The device that the tests run on. */
  static Device of(long largestArray) {
    return new SmallerDevice(Devices.choose(System.getProperty("llava4j.test.device", "")), largestArray);
  }

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
