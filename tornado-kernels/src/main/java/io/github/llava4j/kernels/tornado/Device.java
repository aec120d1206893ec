package io.github.llava4j.kernels.tornado;

import java.util.List;

import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** What runs graphs: a device behind TornadoVM, or an emulated one in tests. */
interface Device {

  /** One line for logs. */
  String describe();

  /** Bytes of the largest single array. */
  long largestArray();

  /** Bytes of all arrays together. */
  long memory();

  /**
   * Prepares graphs that share arrays, and runs the first.
   *
   * @param graphs the first one touches all of {@code shared}
   * @param shared arrays that live on the device from then on
   * @param results those of them that the host reads
   */
  Runner prepare(List<Graph> graphs, List<TornadoNativeArray> shared, List<FloatArray> results);

  /** Graphs on a device. One thread at a time. */
  interface Runner extends AutoCloseable {

    /** Runs the graph of that number. */
    void run(int graph, RunShape shape);

    /** Brings the first {@code count} values of a result to the host after the last run. */
    void fetch(FloatArray result, int count);

    @Override
    void close();
  }
}
