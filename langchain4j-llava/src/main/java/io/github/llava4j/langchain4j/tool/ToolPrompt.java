package io.github.llava4j.langchain4j.tool;

import java.util.List;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.github.llava4j.langchain4j.json.Shape;
import io.github.llava4j.langchain4j.json.Shape.Member;

/**
 * How tools, calls and results stand in a prompt. None of LLaVA's language models learned a format of its own; the words
 * are those of ReAct, which all of them have read.
 */
public final class ToolPrompt {

  private ToolPrompt() {}

  /** What the model is told of its tools. */
  public static String block(ToolSet set) {
    StringBuilder text = new StringBuilder("You can use these tools:\n");
    for (Tool tool : set.tools()) {
      text.append("- ").append(tool.name()).append('(').append(parameters(tool)).append(')');
      if (tool.description() != null) {
        text.append(": ").append(tool.description());
      }
      text.append('\n');
    }
    text.append("Choose one action.");
    if (!set.required()) {
      text.append(" Use a tool only if the question cannot be answered from the picture and the conversation. Otherwise choose ")
          .append(set.answerWord()).append('.');
    }
    String thought = set.thought() > 0 ? "Thought: ...\n" : "";
    Tool first = set.tools().getFirst();
    text.append(" For example:\n").append(thought).append(call(first.name(), example(Shape.of(first.schema()))));
    if (!set.required()) {
      text.append("\nor:\n").append(thought).append(answer(set.answerWord(), "The answer."));
    }
    return text.toString();
  }

  /** A call as the model writes it. */
  public static String call(String name, String arguments) {
    return "Action: " + name + "\nArguments: " + arguments;
  }

  /** An answer in words as the model writes it where it has tools. */
  public static String answer(String word, String text) {
    return "Action: " + word + '\n' + text;
  }

  /** What stands in front of a tool's result. */
  public static String result(String name, boolean error) {
    return (error ? "Error of " : "Result of ") + name + ": ";
  }

  /** What stands behind results. */
  public static String afterResults(String word) {
    return "\nIf the results answer the question, choose " + word + '.';
  }

  private static String parameters(Tool tool) {
    return switch (Shape.of(tool.schema())) {
      case Shape.Struct(String name, List<Member> members) -> members(members);
      case Shape.Named named when tool.schema().path("properties").isEmpty() && tool.schema().has("properties") -> "";
      default -> "...";
    };
  }

  private static String members(List<Member> members) {
    return members.stream()
        .map(member -> member.name() + (member.required() ? ": " : "?: ") + type(member.shape()))
        .collect(Collectors.joining(", "));
  }

  private static String type(Shape shape) {
    return switch (shape) {
      case Shape.Named(String name) -> name;
      case Shape.Values(List<JsonNode> values) -> values.stream().map(JsonNode::toString).collect(Collectors.joining("|"));
      case Shape.ListOf(Shape items) -> {
        boolean several = items instanceof Shape.OneOf || items instanceof Shape.Values(List<JsonNode> v) && v.size() > 1;
        yield (several ? "(" + type(items) + ")" : type(items)) + "[]";
      }
      case Shape.Struct(String name, List<Member> members) -> '{' + members(members) + '}';
      case Shape.Again again -> "any";
      case Shape.OneOf(List<Shape> options) -> options.stream().map(ToolPrompt::type).collect(Collectors.joining("|"));
    };
  }

  private static String example(Shape shape) {
    return switch (shape) {
      case Shape.Named(String type) -> switch (type) {
        case "string", "any" -> "\"...\"";
        case "integer", "number" -> "0";
        case "boolean" -> "true";
        case "array" -> "[]";
        case "object" -> "{}";
        default -> "null";
      };
      case Shape.Values(List<JsonNode> values) -> values.isEmpty() ? "null" : values.getFirst().toString();
      case Shape.ListOf list -> "[]";
      case Shape.Struct(String name, List<Member> members) -> members.stream()
          .filter(Member::required)
          .map(member -> TextNode.valueOf(member.name()) + ": " + example(member.shape()))
          .collect(Collectors.joining(", ", "{", "}"));
      case Shape.Again again -> "{}";
      case Shape.OneOf(List<Shape> options) -> options.isEmpty() ? "null" : example(options.getFirst());
    };
  }
}
