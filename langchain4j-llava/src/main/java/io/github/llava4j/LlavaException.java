package io.github.llava4j;

import org.jspecify.annotations.Nullable;

/** What llava4j throws at its users; the subclasses say whose mistake it is. */
public sealed class LlavaException extends RuntimeException
    permits CheckpointException, ImageException, PromptException, EngineException {

  private static final long serialVersionUID = 1L;

  protected LlavaException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
