package io.github.llava4j.kernels;

/** A device, or the software behind it, failed or refused; the message says which program was affected and how. */
@Internal
public class DeviceException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public DeviceException(String message) {
    super(message);
  }

  public DeviceException(String message, Throwable cause) {
    super(message, cause);
  }
}
