package io.github.llava4j.langchain4j.json;

import java.util.List;
import java.util.function.Function;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.langchain4j.exception.UnsupportedFeatureException;
import io.github.llava4j.ConstraintException;

/**
 * Checks answers against a schema after the fact, for what no grammar can hold them to. The validator is networknt's, an
 * optional dependency.
 */
public final class AnswerCheck {

  private final Function<JsonNode, List<String>> validator;

  private AnswerCheck(Function<JsonNode, List<String>> validator) {
    this.validator = validator;
  }

  /**
   * Prepares a check.
   *
   * @throws UnsupportedFeatureException if the validator is not on the class path
   * @throws ConstraintException if it does not understand the schema
   */
  public static AnswerCheck of(JsonNode schema) {
    try {
      return new AnswerCheck(Networknt.validator(schema));
    } catch (LinkageError e) {
      throw new UnsupportedFeatureException("checking answers against a JSON schema (unsupportedKeywords CHECK) is not"
          + " supported without com.networknt:json-schema-validator 2.0.8; add it, or choose REFUSE or IGNORE");
    } catch (RuntimeException e) {
      throw new ConstraintException("the JSON schema cannot be checked: " + e.getMessage(), e);
    }
  }

  /** What is wrong with {@code answer}, each with its place; nothing if it is valid. */
  public List<String> misses(String answer) {
    JsonNode value;
    try {
      value = SchemaNodes.value(answer);
    } catch (JacksonException e) {
      return List.of("not JSON: " + e.getOriginalMessage());
    }
    return validator.apply(value);
  }

  /** Apart, so that only who checks needs the validator's classes. */
  private static final class Networknt {

    static Function<JsonNode, List<String>> validator(JsonNode schema) {
      Schema prepared =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(schema);
      return value -> prepared.validate(value).stream().map(Error::toString).toList();
    }
  }
}
