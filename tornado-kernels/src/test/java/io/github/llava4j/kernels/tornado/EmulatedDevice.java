package io.github.llava4j.kernels.tornado;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Runs graphs as Java, work item by work item. It shows errors of logic; what TornadoVM makes of the kernels, only a
 * device shows.
 *
 * @param largestArray bytes
 * @param refuses what fails without an exception, as it does on a device: "launch " and a kernel, "upload", "write", "read"
 */
record EmulatedDevice(long largestArray, MemoryPool memory, MemoryPool hostMemory, Predicate<String> refuses)
    implements Device {

  /** @param bytes of its memory; the host has as much as it wants */
  EmulatedDevice(long largestArray, long bytes) {
    this(largestArray, bytes, Long.MAX_VALUE);
  }

  /** @param host bytes for arrays on the host */
  EmulatedDevice(long largestArray, long bytes, long host) {
    this(largestArray, MemoryPool.ofDevice("an emulated device", () -> bytes),
        new MemoryPool("the direct memory of the test", () -> host, "start java with a larger -XX:MaxDirectMemorySize=.."),
        call -> false);
  }

  /** A device that is large enough. */
  static EmulatedDevice refusing(Predicate<String> refuses) {
    EmulatedDevice large = new EmulatedDevice(1L << 31, 1L << 40);
    return new EmulatedDevice(large.largestArray, large.memory, large.hostMemory, refuses);
  }

  @Override
  public String describe() {
    return "an emulated device";
  }

  @Override
  public Runner prepare(
      String program, List<Graph> graphs, List<TornadoNativeArray> shared, List<TornadoNativeArray> read) {
    EmulatedRunner runner = new EmulatedRunner(graphs);
    for (TornadoNativeArray array : shared) {
      if (refuses.test("upload")) {
        runner.device.put(array, new byte[(int) bytes(array).byteSize()]);
      } else if (read.contains(array)) {
        runner.device.put(array, copy(array));
      }
    }
    runner.run(0, RunShape.copy(1));
    return runner;
  }

  private static MemorySegment bytes(TornadoNativeArray array) {
    return array.getSegment();
  }

  private static byte[] copy(TornadoNativeArray array) {
    return bytes(array).toArray(ValueLayout.JAVA_BYTE);
  }

  private final class EmulatedRunner implements Runner {
    private final List<Graph> graphs;
    /** What the device has where the host may have something else; of all other arrays both have the same. */
    private final Map<TornadoNativeArray, byte[]> device = new IdentityHashMap<>();

    EmulatedRunner(List<Graph> graphs) {
      this.graphs = graphs;
    }

    @Override
    public void run(int graph, RunShape shape) {
      for (TornadoNativeArray array : graphs.get(graph).fresh()) {
        if (!refuses.test("write") || !device.containsKey(array)) {
          device.put(array, copy(array));
        }
      }
      exchange();
      for (Launch launch : graphs.get(graph).launches()) {
        if (!refuses.test("launch " + launch.kernel())) {
          launch(launch, shape);
        }
      }
      exchange();
    }

    private void launch(Launch launch, RunShape shape) {
      int global = launch.grid().global(shape);
      int local = launch.grid().local();
      for (int group = 0; group < global / local; group++) {
        new EmulatedGroup(launch, group, local, global).run();
      }
    }

    /** Kernels work on the host's arrays, which have the device's values meanwhile. */
    private void exchange() {
      device.replaceAll((array, values) -> {
        byte[] others = copy(array);
        bytes(array).copyFrom(MemorySegment.ofArray(values));
        return others;
      });
    }

    @Override
    public void fetch(TornadoNativeArray array, int count) {
      if (!refuses.test("read")) {
        MemorySegment.copy(MemorySegment.ofArray(device.get(array)), 0, bytes(array), 0, 4L * count);
      }
    }

    @Override
    public void close() {
      // Nothing was taken.
    }
  }
}
