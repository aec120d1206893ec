package io.github.llava4j;

/** Bytes that begin like none of the accepted picture formats. */
public class ImageFormatException extends ImageException {

  private static final long serialVersionUID = 1L;

  public ImageFormatException(String message) {
    super(message);
  }
}
