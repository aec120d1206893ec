package io.github.llava4j;

/** The heap or the device has too little memory left for a request; the message says what for. */
public class InsufficientMemoryException extends EngineException {

  private static final long serialVersionUID = 1L;

  public InsufficientMemoryException(String message) {
    super(message);
  }

  public InsufficientMemoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
