package io.github.llava4j.kernels;

/** Something that runs programs: one per kind of device. Thread-safe. */
public interface Backend extends AutoCloseable {

  /** The name by which a user chooses it: {@code scalar}, {@code vector} ... */
  String id();

  /** One line for logs: what runs, on which device, how wide. */
  String describe();

  /**
   * Prepares {@code program} for runs within {@code limits}.
   *
   * @throws UnsupportedOperationException if the backend cannot run an operation or a weight's type; the message names it
   */
  Compiled compile(Program program, Limits limits);

  @Override
  void close();
}
