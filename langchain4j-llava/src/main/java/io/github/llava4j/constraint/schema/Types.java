package io.github.llava4j.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;

/** Sets of JSON types as bits. Whole numbers and others are two, so that "integer" has a complement. */
final class Types {

  static final int NULL = 1;
  static final int BOOLEAN = 2;
  static final int INTEGER = 4;
  static final int FRACTION = 8;
  static final int NUMBER = INTEGER | FRACTION;
  static final int STRING = 16;
  static final int ARRAY = 32;
  static final int OBJECT = 64;
  static final int ALL = 127;

  private Types() {}

  /** What {@code type} of a place says. */
  static int of(Place place) {
    Place value = place.child("type");
    if (value.node.isTextual()) {
      return named(value);
    }
    if (!value.node.isArray()) {
      throw value.wrong("the name of a type, or several");
    }
    int types = 0;
    for (int i = 0; i < value.node.size(); i++) {
      types |= named(value.child(i));
    }
    return types;
  }

  private static int named(Place name) {
    return switch (name.node.asText()) {
      case "null" -> NULL;
      case "boolean" -> BOOLEAN;
      case "integer" -> INTEGER;
      case "number" -> NUMBER;
      case "string" -> STRING;
      case "array" -> ARRAY;
      case "object" -> OBJECT;
      default -> throw name.wrong("one of null, boolean, integer, number, string, array, object");
    };
  }

  static int of(JsonNode value) {
    return switch (value.getNodeType()) {
      case NULL -> NULL;
      case BOOLEAN -> BOOLEAN;
      case NUMBER -> value.decimalValue().stripTrailingZeros().scale() <= 0 ? INTEGER : FRACTION;
      case STRING -> STRING;
      case ARRAY -> ARRAY;
      case OBJECT -> OBJECT;
      default -> 0;
    };
  }
}
