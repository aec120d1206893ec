package io.github.llava4j.kernels.tornado;

import java.util.List;

import io.github.llava4j.kernels.DeviceException;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
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
   * @param graphs the first one touches all of {@code shared}
   * @param shared arrays that live on the device from then on
   * @param results those of them that the host reads
   * @throws DeviceException if the device or TornadoVM fails; nothing stays on the device then
   */
  Runner prepare(List<Graph> graphs, List<TornadoNativeArray> shared, List<FloatArray> results);

  /** Graphs on a device. One thread at a time. */
  interface Runner extends AutoCloseable {

    /**
     * Runs the graph of that number.
     *
     * @throws DeviceException if the device or TornadoVM fails
     */
    void run(int graph, RunShape shape);

    /**
     * Brings the first {@code count} values of a result to the host after the last run.
     *
     * @throws DeviceException if the device or TornadoVM fails
     */
    void fetch(FloatArray result, int count);

    @Override
    void close();
  }
}
