package io.github.llava4j;

/** A picture that exceeds a limit: encoded bytes, pixels or the length of a side. */
public class ImageTooLargeException extends ImageException {

  private static final long serialVersionUID = 1L;

  public ImageTooLargeException(String message) {
    super(message);
  }
}
