package io.github.llava4j.langchain4j.json;

import java.util.List;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.llava4j.langchain4j.json.Shape.Member;

/**
 * A schema in the words with which LangChain4j itself asks models for JSON: nobody else tells a model what the grammar
 * holds it to.
 */
public final class Skeleton {

  private static final String INSTRUCTION = "You must answer strictly in the following JSON format: ";

  private Skeleton() {}

  /** The sentence that asks for any JSON object. */
  public static String ofAnyObject() {
    return INSTRUCTION + "object";
  }

  /** The sentence that asks for what {@code schema} describes. */
  public static String of(JsonNode schema) {
    Shape shape = Shape.of(schema);
    return INSTRUCTION + (shape instanceof Shape.Struct struct ? structure(struct) : type(shape));
  }

  private static String structure(Shape.Struct struct) {
    boolean mixed = struct.isMixed();
    return struct.members().stream()
        .map(member -> field(member, mixed))
        .collect(Collectors.joining(",\n", "{\n", "\n}"));
  }

  private static String field(Member member, boolean mixed) {
    String description = member.description() == null ? "" : member.description() + "; ";
    String optional = mixed && !member.required() ? "; optional" : "";
    return '"' + member.name() + "\": (" + description + "type: " + type(member.shape()) + optional + ')';
  }

  private static String type(Shape shape) {
    return switch (shape) {
      case Shape.Named(String name) -> name;
      case Shape.Values(List<JsonNode> values) -> "enum, must be one of "
          + values.stream().map(JsonNode::toString).collect(Collectors.joining(", ", "[", "]"));
      case Shape.ListOf(Shape items) -> "array of " + type(items);
      case Shape.Struct struct -> struct.name() + ": " + structure(struct);
      case Shape.Again(String name) -> name;
      case Shape.OneOf(List<Shape> options) -> options.stream().map(Skeleton::type).collect(Collectors.joining(" or "));
    };
  }
}
