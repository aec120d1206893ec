package io.github.llava4j.kernels.tornado;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.llava4j.kernels.DeviceException;
import io.github.llava4j.kernels.DeviceMemoryException;
import uk.ac.manchester.tornado.api.exceptions.TornadoOutOfMemoryException;

/** What TornadoVM's exceptions say, as text for our messages. */
final class Causes {

  private static final Pattern COLOUR = Pattern.compile("\\x1b\\[[0-9;]*m");
  /** Not true of us: we switch off what it speaks of, see {@code tornado.recover.bailout}. */
  private static final Pattern UNTRUE =
      Pattern.compile("(\\[[A-Z]+\\] *)?((Deoptimizing|Falling back|Running) (to|the) sequential[^.]*\\.?)?");

  /** What a user needs of a kernel that does not compile: the rest is a stack trace in one line. */
  private static final Pattern COMPILER = Pattern.compile("The internal error is:\\s*([^\\n]+?)\\s*(\\n|Stacktrace:|$)");

  private Causes() {}

  /**
   * Our exception for one of TornadoVM's.
   *
   * @param what was done when it came
   */
  static DeviceException failure(String what, Throwable e) {
    String message = what + ": " + sentence(e);
    for (Throwable cause = e; cause != null && cause.getCause() != cause; cause = cause.getCause()) {
      if (cause instanceof TornadoOutOfMemoryException) {
        return new DeviceMemoryException(
            message + "; choose a shorter context, fewer parallel sequences or a smaller quantisation", e);
      }
    }
    return new DeviceException(message, e);
  }

  /** {@code text} without colours. */
  static String plain(String text) {
    return COLOUR.matcher(text).replaceAll("");
  }

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
    Matcher compiler = COMPILER.matcher(plain(message));
    String plain = UNTRUE.matcher(compiler.find() ? compiler.group(1) : plain(message)).replaceAll("").strip();
    String first = plain.lines().map(String::strip).filter(line -> !line.isEmpty()).findFirst()
        .orElse(cause.getClass().getSimpleName());
    return first.endsWith(".") ? first.substring(0, first.length() - 1) : first;
  }
}
