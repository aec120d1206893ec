package io.github.llava4j.kernels;

import java.util.List;
import java.util.Map;

/** A program that is ready to run. Not thread-safe: one thread owns it. Closing it frees its caches. */
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
   */
  Map<Buffer, float[]> run(Batch batch, Map<Buffer, float[]> inputs, List<Buffer> wanted);

  /** Runs the program once for all its outputs. */
  default Map<Buffer, float[]> run(Batch batch, Map<Buffer, float[]> inputs) {
    return run(batch, inputs, program().outputs());
  }

  /** Makes the first {@code length} positions of slot {@code to} the same as those of slot {@code from}. */
  void copySlot(int from, int to, int length);

  @Override
  void close();
}
