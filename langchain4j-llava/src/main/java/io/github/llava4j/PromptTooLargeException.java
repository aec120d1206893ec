package io.github.llava4j;

import org.jspecify.annotations.Nullable;

/** A request that exceeds a limit: too many pictures, pixels or positions. The message names the limit. */
public class PromptTooLargeException extends PromptException {

  private static final long serialVersionUID = 1L;

  public PromptTooLargeException(String message) {
    super(message);
  }

  public PromptTooLargeException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
