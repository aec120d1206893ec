package io.github.llava4j.demo.web;

import java.util.stream.Collectors;

import org.springframework.http.converter.HttpMessageNotReadableException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Says what is wrong with a body without the names of our classes, which Jackson's own messages have. */
final class UnreadableBody {

  private UnreadableBody() {}

  static String describe(HttpMessageNotReadableException failure) {
    return switch (failure.getCause()) {
      case UnrecognizedPropertyException e -> path(e) + ": there is no such field";
      case StreamReadException e -> "the body is no JSON: line %d, column %d"
          .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
      case JacksonException e when !e.getPath().isEmpty() -> path(e) + ": has not the type that is expected here";
      case null, default -> "the body must be a JSON object with messages";
    };
  }

  /** Like {@code messages[0].text}. */
  private static String path(JacksonException failure) {
    return failure.getPath().stream()
        .map(step -> step.getPropertyName() == null ? "[" + step.getIndex() + "]" : "." + step.getPropertyName())
        .collect(Collectors.joining())
        .replaceFirst("^\\.", "");
  }
}
