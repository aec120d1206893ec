package io.github.llava4j;

import org.jspecify.annotations.Nullable;

/**
 * The engine takes no requests any more: it was closed, is shutting down, or failed. Where it failed, the cause says
 * how. The same request will not succeed here; another engine may answer it.
 */
public class EngineClosedException extends EngineException {

  private static final long serialVersionUID = 1L;

  public EngineClosedException(String message) {
    super(message);
  }

  public EngineClosedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
