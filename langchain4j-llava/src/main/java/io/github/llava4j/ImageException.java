package io.github.llava4j;

import org.jspecify.annotations.Nullable;

/** A picture that cannot be read or exceeds a limit. The message names the picture. */
public non-sealed class ImageException extends LlavaException {

  private static final long serialVersionUID = 1L;

  public ImageException(String message) {
    super(message, null);
  }

  public ImageException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
