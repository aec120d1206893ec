package io.github.llava4j.kernels;

/** Something that runs programs: one per kind of device. Thread-safe. */
@Internal
public interface Backend extends AutoCloseable {

  /** The name by which a user chooses it: {@code scalar}, {@code vector} ... */
  String id();

  /** One line for logs: what runs, on which device, how wide. */
  String describe();

  /**
   * Prepares {@code program} for runs.
   *
   * @throws UnsupportedOperationException if the backend cannot run an operation, a weight's type or one of the options; the
   *     message names it
   * @throws DeviceMemoryException if it does not fit the memory of the device beside the programs that are there
   * @throws DeviceException if the device fails
   */
  Compiled compile(Program program, CompileOptions options);

  /** Prepares {@code program} for runs within {@code limits} that round nothing. */
  default Compiled compile(Program program, Limits limits) {
    return compile(program, CompileOptions.of(limits));
  }

  @Override
  void close();
}
