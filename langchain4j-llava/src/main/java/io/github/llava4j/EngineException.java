package io.github.llava4j;

import org.jspecify.annotations.Nullable;

/** The engine is busy, closed or failed. */
public non-sealed class EngineException extends LlavaException {

  private static final long serialVersionUID = 1L;

  public EngineException(String message) {
    super(message, null);
  }

  public EngineException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
