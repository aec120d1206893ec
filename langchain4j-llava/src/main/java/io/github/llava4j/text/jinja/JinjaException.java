package io.github.llava4j.text.jinja;

/** A template that cannot be read or run; the message says why and, where it is known, in which line. */
public final class JinjaException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** @param message what is wrong */
  public JinjaException(String message) {
    super(message);
  }

  JinjaException(int line, String message) {
    super("line " + line + ": " + message);
  }
}
