package io.github.llava4j.kernels.tornado;

import java.util.List;

import io.github.llava4j.kernels.DeviceException;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** What runs graphs: a device behind TornadoVM, or an emulated one in tests. */
interface Device {

  /** One line for logs. */
  String describe();

  /** Bytes of the largest single array. */
  long largestArray();

  /** The memory that the arrays of all its programs share. */
  MemoryPool memory();

  /** Where those arrays are on the host as well, because TornadoVM wants it so. */
  default MemoryPool hostMemory() {
    return MemoryPool.DIRECT;
  }

  /**
   * Prepares graphs that share arrays, and runs the first.
   *
   * @param program its name, for messages
   * @param graphs the first one touches all of {@code shared}
   * @param shared arrays that live on the device from then on
   * @param read those arrays that the host reads
   * @throws DeviceException if the device or TornadoVM fails; nothing stays on the device then
   */
  Runner prepare(String program, List<Graph> graphs, List<TornadoNativeArray> shared, List<TornadoNativeArray> read);

  /** Graphs on a device. One thread at a time. */
  interface Runner extends AutoCloseable {

    /**
     * Runs the graph of that number. Launches and transfers that the driver refuses need not be an exception, see {@link
     * Witness}.
     *
     * @throws DeviceException if TornadoVM notices a failure
     */
    void run(int graph, RunShape shape);

    /**
     * Brings the first {@code count} values of an array that the host reads to the host after the last run. A driver's
     * failure need not be an exception; the host's values are then as they were, see {@link Witness}.
     *
     * @throws DeviceException if TornadoVM notices a failure
     */
    void fetch(TornadoNativeArray array, int count);

    @Override
    void close();
  }
}
