package io.github.llava4j.demo.web;

import java.util.Collection;
import java.util.stream.Collectors;

import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Says what is wrong with a body without the names of our classes, which Jackson's own messages have. */
final class UnreadableBody {

  /** What a body must be that is something else. */
  static final String NO_OBJECT = "the body must be a JSON object with messages";

  private UnreadableBody() {}

  static String describe(JacksonException failure) {
    return switch (failure) {
      case UnrecognizedPropertyException e -> path(e) + ": there is no such field";
      case StreamReadException e -> "the body is no JSON: line %d, column %d"
          .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
      case MismatchedInputException e when !e.getPath().isEmpty() -> path(e) + ": expected " + type(e.getTargetType());
      case JacksonException e when !e.getPath().isEmpty() -> path(e) + ": has not the type that is expected here";
      default -> NO_OBJECT;
    };
  }

  private static String type(Class<?> type) {
    if (type == String.class) {
      return "a text";
    }
    if (Number.class.isAssignableFrom(type)) {
      return "a number";
    }
    return Collection.class.isAssignableFrom(type) ? "a list" : "an object";
  }

  /** Like {@code messages[0].text}. */
  private static String path(JacksonException failure) {
    return failure.getPath().stream()
        .map(step -> step.getPropertyName() == null ? "[" + step.getIndex() + "]" : "." + step.getPropertyName())
        .collect(Collectors.joining())
        .replaceFirst("^\\.", "");
  }
}
