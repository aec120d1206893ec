package io.github.llava4j.constraint.schema;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** How people and models write JSON: compact, with spaces, on lines of their own. */
final class Spellings {

  private Spellings() {}

  static List<String> all(JsonNode value) {
    return List.of(
        write(value, "", ",", ":", -1),
        write(value, "", ", ", ": ", -1),
        write(value, "", ",", ": ", 2),
        write(value, "", ",", ": ", 4));
  }

  static String compact(JsonNode value) {
    return write(value, "", ",", ":", -1);
  }

  private static String write(JsonNode value, String margin, String comma, String colon, int indent) {
    if (value.isTextual()) {
      return JsonValues.quoted(value.textValue());
    }
    if (!value.isContainerNode()) {
      return JsonValues.scalar(value);
    }
    String brackets = value.isArray() ? "[]" : "{}";
    if (value.isEmpty()) {
      return brackets;
    }
    String inner = indent < 0 ? "" : margin + " ".repeat(indent);
    List<String> members = new ArrayList<>();
    if (value.isArray()) {
      value.forEach(item -> members.add(write(item, inner, comma, colon, indent)));
    } else {
      for (Map.Entry<String, JsonNode> member : value.properties()) {
        members.add(
            JsonValues.quoted(member.getKey()) + colon + write(member.getValue(), inner, comma, colon, indent));
      }
    }
    String line = indent < 0 ? "" : "\n" + inner;
    String last = indent < 0 ? "" : "\n" + margin;
    return brackets.charAt(0) + line + String.join(comma + line, members) + last + brackets.charAt(1);
  }

  /** The value with its properties in the order in which the schema first names them, at whatever place. */
  static JsonNode reordered(JsonNode value, JsonNode schema) {
    Set<String> names = new LinkedHashSet<>();
    collect(schema, names);
    Map<String, Integer> rank = new LinkedHashMap<>();
    names.forEach(name -> rank.put(name, rank.size()));
    return reordered(value, rank);
  }

  private static void collect(JsonNode schema, Set<String> names) {
    JsonNode properties = schema.path("properties");
    properties.fieldNames().forEachRemaining(names::add);
    for (String keyword : new String[] {"dependentRequired", "dependencies"}) {
      for (Map.Entry<String, JsonNode> need : schema.path(keyword).properties()) {
        names.add(need.getKey());
        need.getValue().forEach(name -> names.add(name.asText()));
      }
    }
    schema.forEach(child -> collect(child, names));
    schema.path("required").forEach(name -> names.add(name.asText()));
  }

  private static JsonNode reordered(JsonNode value, Map<String, Integer> rank) {
    if (value.isArray()) {
      ArrayNode result = JsonNodeFactory.instance.arrayNode();
      value.forEach(item -> result.add(reordered(item, rank)));
      return result;
    }
    if (!value.isObject()) {
      return value;
    }
    List<Map.Entry<String, JsonNode>> members = new ArrayList<>(value.properties());
    members.sort(Comparator.comparing(member -> rank.getOrDefault(member.getKey(), Integer.MAX_VALUE)));
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    members.forEach(member -> result.set(member.getKey(), reordered(member.getValue(), rank)));
    return result;
  }
}
