package io.github.llava4j.langchain4j;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import io.github.llava4j.langchain4j.json.SchemaNodes;
import io.github.llava4j.langchain4j.json.Skeleton;
import org.jspecify.annotations.Nullable;

import static dev.langchain4j.internal.Utils.getOrDefault;

/** What an answer in words must look like. */
sealed interface AnswerFormat {

  /** Anything. */
  record Free() implements AnswerFormat {

    @Override
    public String key() {
      return "";
    }
  }

  /** Any JSON object. */
  record AnyObject() implements AnswerFormat {

    @Override
    public String key() {
      return "{}";
    }

    @Override
    public String instruction() {
      return Skeleton.ofAnyObject();
    }
  }

  /**
   * JSON by a schema.
   *
   * @param whole whether properties that are not required are written, too
   */
  record Schema(JsonNode schema, boolean whole) implements AnswerFormat {

    @Override
    public String key() {
      return (whole ? "whole " : "") + schema;
    }

    @Override
    public String instruction() {
      return Skeleton.of(schema);
    }

    @Override
    public JsonNode schemaToCheck() {
      return schema;
    }
  }

  /** What a grammar says; the prompt is the user's affair. */
  record Held(LlavaGrammar grammar) implements AnswerFormat {

    @Override
    public String key() {
      return grammar.toString();
    }

    @Override
    public @Nullable JsonNode schemaToCheck() {
      return grammar.kind() == LlavaGrammar.Kind.JSON_SCHEMA ? SchemaNodes.parse(grammar.text()) : null;
    }
  }

  /** Two formats with the same text are the same. */
  String key();

  /** What the model must be told of it; null for nothing. */
  default @Nullable String instruction() {
    return null;
  }

  /** The schema that an answer can be checked against; null if there is none. */
  default @Nullable JsonNode schemaToCheck() {
    return null;
  }

  /**
   * The format that a request asks for.
   *
   * @throws io.github.llava4j.ConstraintException if its schema is wrong
   */
  static AnswerFormat of(LlavaChatRequestParameters parameters) {
    ResponseFormat format = parameters.responseFormat();
    if (parameters.grammar() != null) {
      return new Held(parameters.grammar());
    }
    if (format == null || format.type() != ResponseFormatType.JSON) {
      return new Free();
    }
    if (format.jsonSchema() == null || format.jsonSchema().rootElement() == null) {
      return new AnyObject();
    }
    JsonNode schema = SchemaNodes.of(format.jsonSchema().rootElement());
    return new Schema(schema, getOrDefault(parameters.allProperties(), requiresNothing(schema)));
  }

  /** As LangChain4j's schemas of records do: an empty object would satisfy them, and nobody asks for that. */
  private static boolean requiresNothing(JsonNode schema) {
    return schema.findValues("required").stream().allMatch(JsonNode::isEmpty);
  }
}
