package io.github.llava4j;

import org.jspecify.annotations.Nullable;

/**
 * The heap is too small for what was asked for. The request itself may be all right: it can succeed with a larger
 * {@code -Xmx}, or later, when others have given memory back.
 */
public class InsufficientMemoryException extends EngineException {

  private static final long serialVersionUID = 1L;

  public InsufficientMemoryException(String message) {
    super(message);
  }

  public InsufficientMemoryException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
