package io.github.llava4j.kernels;

import java.util.Map;

/** A program that is ready to run. Not thread-safe: one thread owns it. Closing it frees its caches. */
public interface Compiled extends AutoCloseable {

  /**
   * Runs the program once.
   *
   * @param inputs for each input buffer of the program its rows, row-major; a longer array is fine
   * @return for each output buffer its rows, row-major, in arrays of their own
   * @throws IllegalArgumentException if the batch exceeds the limits or an input is missing or too short
   */
  Map<Buffer, float[]> run(Batch batch, Map<Buffer, float[]> inputs);

  /** Makes the first {@code length} positions of slot {@code to} the same as those of slot {@code from}. */
  void copySlot(int from, int to, int length);

  @Override
  void close();
}
