package io.github.llava4j.kernels;

import java.util.List;
import java.util.Map;

/**
 * A program that is ready to run. Not thread-safe, but for {@link #abort}: one thread owns it. Closing it frees its memory;
 * that thread, or one that knows it to be done with the last run, closes it.
 */
@Internal
public interface Compiled extends AutoCloseable {

  /** What is run. */
  Program program();

  /**
   * Runs the program once.
   *
   * @param inputs for each input buffer of the program its rows, row-major; a longer array is fine
   * @param wanted those outputs of the program that the caller reads: others stay where they are, which saves a device
   *     from sending them
   * @return for each wanted buffer its rows, row-major, in arrays of their own
   * @throws IllegalArgumentException if the batch exceeds the limits, an input is missing or too short, or a wanted
   *     buffer is no output
   * @throws RunAbortedException if {@link #abort} was called before or meanwhile
   * @throws DeviceException if the device failed
   * @throws IllegalStateException after {@link #close}
   */
  Map<Buffer, float[]> run(Batch batch, Map<Buffer, float[]> inputs, List<Buffer> wanted);

  /** Runs the program once for all its outputs. */
  default Map<Buffer, float[]> run(Batch batch, Map<Buffer, float[]> inputs) {
    return run(batch, inputs, program().outputs());
  }

  /**
   * Makes the first {@code length} positions of slot {@code to} the same as those of slot {@code from}. If it fails, what
   * slot {@code to} holds is undefined.
   *
   * @throws RunAbortedException if {@link #abort} was called before or meanwhile
   * @throws DeviceException if the device failed
   * @throws IllegalStateException after {@link #close}
   */
  void copySlot(int from, int to, int length);

  /**
   * Ends a run or copy under way, and all later ones, with {@link RunAbortedException}. Any thread may call it at any time,
   * also twice or after {@link #close}; it returns at once. On a CPU the run ends between two items of work, some
   * milliseconds later, on a device when what it has been given is done. Other programs of the same backend go on.
   */
  void abort();

  /** Frees caches and device memory. Twice is once. */
  @Override
  void close();
}
