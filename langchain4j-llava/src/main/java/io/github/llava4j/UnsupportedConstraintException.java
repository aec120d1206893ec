package io.github.llava4j;

/**
 * A grammar or schema that is right, but uses something that answers cannot be held to here. The message names the
 * keyword or construct, and its place.
 */
public class UnsupportedConstraintException extends ConstraintException {

  private static final long serialVersionUID = 1L;

  public UnsupportedConstraintException(String message) {
    super(message);
  }
}
