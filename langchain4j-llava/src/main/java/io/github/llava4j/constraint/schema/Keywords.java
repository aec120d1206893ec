package io.github.llava4j.constraint.schema;

import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;

/** What the keywords are. */
final class Keywords {

  static final Set<String> NUMBERS =
      Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf");
  static final Set<String> STRINGS = Set.of("minLength", "maxLength", "pattern", "format");
  static final Set<String> ARRAYS =
      Set.of(
          "items",
          "prefixItems",
          "additionalItems",
          "minItems",
          "maxItems",
          "uniqueItems",
          "contains",
          "minContains",
          "maxContains",
          "unevaluatedItems");
  static final Set<String> OBJECTS =
      Set.of(
          "properties",
          "patternProperties",
          "additionalProperties",
          "required",
          "minProperties",
          "maxProperties",
          "propertyNames",
          "dependentRequired",
          "dependencies",
          "unevaluatedProperties");

  /** Applied to the same value. */
  static final Set<String> IN_PLACE =
      Set.of("$ref", "allOf", "anyOf", "oneOf", "not", "if", "dependentSchemas", "$dynamicRef", "$recursiveRef");

  /** Known, and without effect on what is valid. */
  static final Set<String> SILENT =
      Set.of(
          "$schema",
          "$id",
          "id",
          "$anchor",
          "$dynamicAnchor",
          "$recursiveAnchor",
          "$vocabulary",
          "$defs",
          "definitions",
          "title",
          "description",
          "default",
          "examples",
          "then",
          "else");

  private Keywords() {}

  static boolean isLeaf(String keyword) {
    return NUMBERS.contains(keyword)
        || STRINGS.contains(keyword)
        || ARRAYS.contains(keyword)
        || OBJECTS.contains(keyword);
  }

  static boolean constrains(String keyword) {
    return isLeaf(keyword)
        || IN_PLACE.contains(keyword)
        || keyword.equals("type")
        || keyword.equals("const")
        || keyword.equals("enum");
  }

  /** Whether a place is a reference and nothing more. */
  static boolean isPlainReference(Place place, SchemaDocument document) {
    if (!place.node.path("$ref").isTextual()) {
      return false;
    }
    if (document.hidesSiblings(place)) {
      return true;
    }
    for (Map.Entry<String, JsonNode> member : place.node.properties()) {
      if (!member.getKey().equals("$ref") && constrains(member.getKey())) {
        return false;
      }
    }
    return true;
  }
}
