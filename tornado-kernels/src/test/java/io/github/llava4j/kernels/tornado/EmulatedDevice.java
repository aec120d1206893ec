package io.github.llava4j.kernels.tornado;

import java.util.List;

import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Runs graphs as Java, work item by work item. It shows errors of logic; what TornadoVM makes of the kernels, only a
 * device shows.
 *
 * @param largestArray bytes
 */
record EmulatedDevice(long largestArray, MemoryPool memory, MemoryPool hostMemory) implements Device {

  /** @param bytes of its memory; the host has as much as it wants */
  EmulatedDevice(long largestArray, long bytes) {
    this(largestArray, bytes, Long.MAX_VALUE);
  }

  /** @param host bytes for arrays on the host */
  EmulatedDevice(long largestArray, long bytes, long host) {
    this(largestArray, MemoryPool.ofDevice("an emulated device", () -> bytes),
        new MemoryPool("the direct memory of the test", () -> host, "start java with a larger -XX:MaxDirectMemorySize=.."));
  }

  @Override
  public String describe() {
    return "an emulated device";
  }

  @Override
  public Runner prepare(List<Graph> graphs, List<TornadoNativeArray> shared, List<FloatArray> results) {
    Runner runner = new Runner() {
      @Override
      public void run(int graph, RunShape shape) {
        for (Launch launch : graphs.get(graph).launches()) {
          int global = launch.grid().global(shape);
          int local = launch.grid().local();
          for (int group = 0; group < global / local; group++) {
            new EmulatedGroup(launch, group, local, global).run();
          }
        }
      }

      @Override
      public void fetch(FloatArray result, int count) {
        // The host's arrays are the device's.
      }

      @Override
      public void close() {
        // Nothing was taken.
      }
    };
    runner.run(0, RunShape.copy(1));
    return runner;
  }
}
