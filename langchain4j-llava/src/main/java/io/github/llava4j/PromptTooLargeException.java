package io.github.llava4j;

/** A request that exceeds a limit: too many pictures, pixels or positions. The message names the limit. */
public class PromptTooLargeException extends PromptException {

  private static final long serialVersionUID = 1L;

  public PromptTooLargeException(String message) {
    super(message);
  }
}
