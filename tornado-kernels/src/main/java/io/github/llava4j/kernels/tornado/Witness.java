package io.github.llava4j.kernels.tornado;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import io.github.llava4j.kernels.DeviceException;
import io.github.llava4j.kernels.tornado.kernel.Marks;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Notices what TornadoVM does not tell: its native code prints that the driver refused a launch, a write or a read, and goes
 * on. Every graph that is run has an order number, which is sent with the batch and which each kernel adds to its sum of
 * {@link Marks}; the host adds up the same. One short read per run shows whether both agree. Before the host reads an array it
 * puts there what no device writes. docs/gpu.md says why so. For one thread at a time.
 */
final class Witness {

  /** Order numbers are exact as floats and repeat only after a while. */
  private static final int ORDERS = 1 << 20;

  /** A NaN that nobody computes: results arrive from the device, or this stays. */
  private static final int UNREAD = 0x7fa5_eaed;

  private static final String REASON =
      "; TornadoVM's native code goes on when a driver refuses something, and prints why (lines with ERROR on standard output)";

  private final String program;
  private final List<Graph> graphs;
  private final Device.Runner runner;
  private final IntArray marks;
  private final int[] expected = new int[Marks.SUMS];
  private int order;
  /** Whether {@link #expected} is what the device has. */
  private boolean settled = true;

  /** @param marks which the kernels of {@code graphs} leave, as they are on the host */
  Witness(String program, List<Graph> graphs, Device.Runner runner, IntArray marks) {
    this.program = program;
    this.graphs = graphs;
    this.runner = runner;
    this.marks = marks;
  }

  /**
   * Begins a run, after a failed one from what the device has come to.
   *
   * @throws DeviceException if that cannot be read
   */
  void begin() {
    if (!settled) {
      fetchMarks();
      for (int sum = 0; sum < Marks.SUMS; sum++) {
        expected[sum] = marks.get(sum);
      }
      settled = true;
    }
  }

  /** The number to send with the next run of a graph. */
  int order(int graph) {
    settled = false;
    order = order % ORDERS + 1;
    for (Launch launch : graphs.get(graph).launches()) {
      if (launch.mark() != Marks.NONE) {
        expected[launch.mark()] += order;
      }
    }
    return order;
  }

  /**
   * Ends a run: checks that everything that was ordered has been done.
   *
   * @throws DeviceException if not; the results of the run are then not to be believed
   */
  void check() {
    fetchMarks();
    Set<Integer> missing = new HashSet<>();
    for (int sum = 0; sum < Marks.SUMS; sum++) {
      if (marks.get(sum) != expected[sum]) {
        missing.add(sum);
      }
    }
    if (!missing.isEmpty()) {
      throw new DeviceException(
          "the device did not do all of " + program + ": " + String.join(", ", kernels(missing))
              + " did not run, or ran on data that had not arrived" + REASON);
    }
    settled = true;
  }

  private void fetchMarks() {
    marks.set(Marks.SEAL, ~Marks.SEALED);
    runner.fetch(marks, Marks.SIZE);
    if (marks.get(Marks.SEAL) != Marks.SEALED) {
      throw unread();
    }
  }

  private Set<String> kernels(Set<Integer> sums) {
    Set<String> names = new TreeSet<>();
    for (Graph graph : graphs) {
      graph.launches().stream().filter(launch -> sums.contains(launch.mark())).forEach(launch -> names.add(launch.kernel()));
    }
    return names;
  }

  /**
   * Reads the first values of an array.
   *
   * @throws DeviceException if they do not arrive
   */
  void read(FloatArray array, float[] values) {
    MemorySegment host = array.getSegment();
    int last = values.length - 1;
    host.setAtIndex(ValueLayout.JAVA_INT, 0, UNREAD);
    host.setAtIndex(ValueLayout.JAVA_INT, last, UNREAD);
    runner.fetch(array, values.length);
    if (host.getAtIndex(ValueLayout.JAVA_INT, 0) == UNREAD || host.getAtIndex(ValueLayout.JAVA_INT, last) == UNREAD) {
      throw unread();
    }
    MemorySegment.copy(host, ValueLayout.JAVA_FLOAT, 0, values, 0, values.length);
  }

  /**
   * Checks after the first graph that the arrays are on the device, by a sample of each.
   *
   * @throws DeviceException if not
   */
  void checkUpload(Lowering.Samples samples) {
    float[] floats = new float[samples.floats().size()];
    read(samples.ofFloats(), floats);
    for (int i = 0; i < floats.length; i++) {
      // By bits: files may contain NaN.
      arrived(Float.floatToRawIntBits(floats[i]) == Float.floatToRawIntBits(samples.floats().get(i).get(0)));
    }
    int count = samples.ints().size();
    int other = ~samples.ints().getFirst().get(0);
    samples.ofInts().set(0, other);
    runner.fetch(samples.ofInts(), count);
    if (samples.ofInts().get(0) == other) {
      throw unread();
    }
    for (int i = 0; i < count; i++) {
      arrived(samples.ofInts().get(i) == samples.ints().get(i).get(0));
    }
  }

  private void arrived(boolean same) {
    if (!same) {
      throw new DeviceException("not all of " + program + " arrived on the device" + REASON);
    }
  }

  private DeviceException unread() {
    return new DeviceException("a result of " + program + " did not arrive from the device" + REASON);
  }
}
