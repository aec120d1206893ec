package io.github.llava4j.langchain4j.json;

import java.util.Optional;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.llava4j.constraint.schema.SchemaOptions;
import io.github.llava4j.constraint.schema.SchemaValidator;

/** Checks one answer against a schema after the fact, for what no grammar could hold it to. */
public final class AnswerCheck {

  private final SchemaValidator validator;

  /** @throws io.github.llava4j.ConstraintException if the schema is wrong */
  public AnswerCheck(JsonNode schema, SchemaOptions options) {
    this.validator = SchemaValidator.of(schema, options);
  }

  /** What is wrong with {@code answer}: the keyword that it breaks, with its place; nothing if it is valid. */
  public Optional<String> miss(String answer) {
    try {
      return validator.check(SchemaNodes.value(answer));
    } catch (JacksonException e) {
      return Optional.of("it is not JSON: " + e.getOriginalMessage());
    }
  }
}
