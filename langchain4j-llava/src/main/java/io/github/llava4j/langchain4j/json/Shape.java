package io.github.llava4j.langchain4j.json;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import org.jspecify.annotations.Nullable;

/**
 * What people need to know of a JSON schema, for a prompt: types, names, values. Bounds, patterns and the like are left to
 * the grammar.
 */
public sealed interface Shape {

  /** A type by its name: string, integer, number, boolean, null, object, array, or any. */
  record Named(String type) implements Shape {}

  /** One of these values. */
  record Values(List<JsonNode> values) implements Shape {}

  /** An array. */
  record ListOf(Shape items) implements Shape {}

  /** An object of which members are known. */
  record Struct(String name, List<Member> members) implements Shape {

    /** Whether some members must be there and others need not. */
    public boolean isMixed() {
      return members.stream().anyMatch(Member::required) && !members.stream().allMatch(Member::required);
    }
  }

  /** An object that was described already, further out or before. */
  record Again(String name) implements Shape {}

  /** One of these. */
  record OneOf(List<Shape> options) implements Shape {}

  /** A property of an object. */
  record Member(String name, @Nullable String description, Shape shape, boolean required) {}

  /** Anything. */
  Shape ANY = new Named("any");

  /** The shape of what {@code schema} describes. */
  static Shape of(JsonNode schema) {
    return new Reader(schema).read(schema, "object");
  }

  /** Reads one schema. */
  final class Reader {

    /** Schemas that are written out, which bounds a shape: references can multiply. */
    private static final int MOST = 500;

    private final JsonNode root;
    private final Set<String> open = new HashSet<>();
    private int read;

    private Reader(JsonNode root) {
      this.root = root;
    }

    /** @param name what to call it: that of the property that it is the schema of */
    private Shape read(JsonNode schema, String name) {
      read++;
      if (!schema.isObject()) {
        return ANY;
      }
      String ownName = schema.path("title").asText(name);
      JsonNode reference = schema.get("$ref");
      if (reference != null && reference.isTextual()) {
        return follow(reference.textValue(), ownName);
      }
      if (schema.has("const")) {
        return new Values(List.of(schema.get("const")));
      }
      if (schema.path("enum").isArray()) {
        return new Values(List.copyOf(elements(schema.get("enum"))));
      }
      for (String keyword : List.of("anyOf", "oneOf")) {
        if (schema.path(keyword).isArray() && !schema.has("properties")) {
          return options(elements(schema.get(keyword)).stream().map(option -> read(option, name)).toList());
        }
      }
      JsonNode type = schema.get("type");
      if (type != null && type.isArray()) {
        return options(elements(type).stream().map(one -> typed(schema, one.asText(), ownName)).toList());
      }
      return typed(schema, type == null ? guess(schema) : type.asText(), ownName);
    }

    private static List<JsonNode> elements(JsonNode array) {
      List<JsonNode> elements = new ArrayList<>();
      array.forEach(elements::add);
      return elements;
    }

    private static String guess(JsonNode schema) {
      if (schema.has("properties") || schema.has("allOf")) {
        return "object";
      }
      return schema.has("items") || schema.has("prefixItems") ? "array" : "any";
    }

    private static Shape options(List<Shape> shapes) {
      List<Shape> distinct = List.copyOf(new LinkedHashSet<>(shapes));
      return distinct.size() == 1 ? distinct.getFirst() : new OneOf(distinct);
    }

    private Shape typed(JsonNode schema, String type, String name) {
      return switch (type) {
        case "array" -> schema.path("items").isObject()
            ? new ListOf(read(schema.get("items"), name))
            : new ListOf(ANY);
        case "object" -> struct(schema, name);
        default -> new Named(type);
      };
    }

    private Shape struct(JsonNode schema, String name) {
      Map<String, Member> members = new LinkedHashMap<>();
      collect(schema, members, new HashSet<>());
      return members.isEmpty() ? new Named("object") : new Struct(name, List.copyOf(members.values()));
    }

    /** The members of an object and of what it is combined from. */
    private void collect(JsonNode schema, Map<String, Member> members, Set<String> seen) {
      Set<String> required = new HashSet<>();
      schema.path("required").forEach(one -> required.add(one.asText()));
      for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
        String name = property.getKey();
        members.putIfAbsent(name, new Member(
            name, description(property.getValue()), read(property.getValue(), name), required.contains(name)));
      }
      for (JsonNode part : schema.path("allOf")) {
        String reference = part.path("$ref").asText("");
        if (reference.isEmpty() || seen.add(reference)) {
          collect(reference.isEmpty() ? part : target(reference), members, seen);
        }
      }
      required.forEach(name -> members.computeIfPresent(
          name, (key, member) -> new Member(name, member.description(), member.shape(), true)));
    }

    private static @Nullable String description(JsonNode schema) {
      String description = schema.path("description").asText("").strip();
      return description.isEmpty() ? null : description;
    }

    /** A reference that is open already, or one too many, is told by its name. */
    private Shape follow(String reference, String name) {
      JsonNode target = target(reference);
      if (!target.isObject()) {
        return ANY;
      }
      String targetName = target.path("title").asText(name);
      if (read > MOST || !open.add(reference)) {
        return new Again(targetName);
      }
      try {
        return read(target, targetName);
      } finally {
        open.remove(reference);
      }
    }

    private JsonNode target(String reference) {
      if (!reference.startsWith("#")) {
        return MissingNode.getInstance();
      }
      try {
        String pointer = URLDecoder.decode(reference.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8);
        return root.at(JsonPointer.compile(pointer));
      } catch (IllegalArgumentException e) {
        return MissingNode.getInstance(); // an anchor; its property is described as anything
      }
    }
  }
}
