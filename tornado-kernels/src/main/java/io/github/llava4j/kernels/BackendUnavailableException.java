package io.github.llava4j.kernels;

/** A backend that was asked for by name cannot run in this JVM or on this machine; the message says what is missing. */
@Internal
public final class BackendUnavailableException extends UnsupportedOperationException {

  private static final long serialVersionUID = 1;

  public BackendUnavailableException(String message) {
    super(message);
  }

  public BackendUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
