package io.github.llava4j;

import org.jspecify.annotations.Nullable;

/** A model file that is missing, damaged or not supported. The message names the file and, where there is one, the tensor. */
public non-sealed class CheckpointException extends LlavaException {

  private static final long serialVersionUID = 1L;

  public CheckpointException(String message) {
    super(message, null);
  }

  public CheckpointException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
