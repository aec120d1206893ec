package io.github.llava4j;

import org.jspecify.annotations.Nullable;

/**
 * A grammar or schema that answers cannot be held to: it is wrong, contradicts itself, or exceeds a limit. The message
 * names the place.
 */
public class ConstraintException extends PromptException {

  private static final long serialVersionUID = 1L;

  public ConstraintException(String message) {
    super(message);
  }

  public ConstraintException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
