package io.github.llava4j.kernels.tornado;

/** A program does not fit the device; the message has the numbers and what to change. */
public final class DeviceMemoryException extends IllegalStateException {

  private static final long serialVersionUID = 1;

  DeviceMemoryException(String message) {
    super(message);
  }
}
