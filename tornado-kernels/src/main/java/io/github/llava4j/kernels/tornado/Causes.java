package io.github.llava4j.kernels.tornado;

import java.util.regex.Pattern;

/** What TornadoVM's exceptions say, as text for our messages. */
final class Causes {

  private static final Pattern COLOUR = Pattern.compile("\\x1b\\[[0-9;]*m");
  /** Not true of us: we switch off what it speaks of, see {@code tornado.recover.bailout}. */
  private static final Pattern UNTRUE =
      Pattern.compile("(\\[[A-Z]+\\] *)?((Deoptimizing|Falling back|Running) (to|the) sequential[^.]*\\.?)?");

  private Causes() {}

  /** The first line of the innermost message, without colour codes and class names. */
  static String sentence(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    String message = cause.getMessage();
    if (message == null || message.isBlank()) {
      return cause.getClass().getSimpleName();
    }
    String plain = UNTRUE.matcher(COLOUR.matcher(message).replaceAll("")).replaceAll("").strip();
    String first = plain.lines().map(String::strip).filter(line -> !line.isEmpty()).findFirst()
        .orElse(cause.getClass().getSimpleName());
    return first.endsWith(".") ? first.substring(0, first.length() - 1) : first;
  }
}
