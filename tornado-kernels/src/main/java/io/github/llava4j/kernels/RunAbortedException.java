package io.github.llava4j.kernels;

/** A run ended early because of {@link Compiled#abort}: nothing that it computed or stored may be believed. */
@Internal
public final class RunAbortedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public RunAbortedException(String message) {
    super(message);
  }
}
