package io.github.llava4j;

import org.jspecify.annotations.Nullable;

/** A request that cannot be answered: too long for the context, marks and pictures that disagree, a bad parameter. */
public non-sealed class PromptException extends LlavaException {

  private static final long serialVersionUID = 1L;

  public PromptException(String message) {
    super(message, null);
  }

  public PromptException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
