package io.github.llava4j;

/** The engine takes no more requests: it was closed, is closing, or failed with the cause. */
public class EngineClosedException extends EngineException {

  private static final long serialVersionUID = 1L;

  public EngineClosedException(String message) {
    super(message);
  }

  public EngineClosedException(String message, Throwable cause) {
    super(message, cause);
  }
}
