package io.github.llava4j.demo.cli;

/** Something that the user can put right; the message says what, on one line. */
final class UserMistake extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UserMistake(String message) {
    super(message);
  }

  UserMistake(String message, Throwable cause) {
    super(message, cause);
  }
}
