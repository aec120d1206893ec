package io.github.llava4j;

/** Too many requests wait already; the same request may succeed a little later. */
public class EngineBusyException extends EngineException {

  private static final long serialVersionUID = 1L;

  public EngineBusyException(String message) {
    super(message);
  }
}
