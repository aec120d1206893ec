package io.github.llava4j.kernels;

/** A program does not fit the memory that is free; the message says what it needs, what there is and what to change. */
@Internal
public final class DeviceMemoryException extends DeviceException {

  private static final long serialVersionUID = 1;

  public DeviceMemoryException(String message) {
    super(message);
  }

  public DeviceMemoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
