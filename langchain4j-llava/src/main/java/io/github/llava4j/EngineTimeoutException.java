package io.github.llava4j;

/** A request was not answered within its timeout; the time that it waited counts. */
public class EngineTimeoutException extends EngineException {

  private static final long serialVersionUID = 1L;

  public EngineTimeoutException(String message) {
    super(message);
  }
}
