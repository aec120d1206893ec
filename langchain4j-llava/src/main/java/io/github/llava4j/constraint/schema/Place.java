package io.github.llava4j.constraint.schema;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.llava4j.ConstraintException;

/** One value of a schema document, with where it stands. Each exists once, so places are compared by identity. */
final class Place {

  final JsonNode node;

  /** JSON pointer as a URI fragment: {@code #/properties/name}. */
  final String pointer;

  /** The schema resource it belongs to, and that resource's URI, which references are resolved against. */
  private Place resource;

  private String base;

  private final Map<String, Place> children = new HashMap<>();

  Place(JsonNode root) {
    node = root;
    pointer = "#";
    resource = this;
    base = "";
  }

  private Place(JsonNode node, String pointer, Place parent) {
    this.node = node;
    this.pointer = pointer;
    resource = parent.resource;
    base = parent.base;
  }

  Place resource() {
    return resource;
  }

  String base() {
    return base;
  }

  void beginResource(String uri) {
    resource = this;
    base = uri;
  }

  boolean has(String key) {
    return node.has(key);
  }

  /** A member of an object or an item of an array, which exists. */
  Place child(String key) {
    Place known = children.get(key);
    if (known == null) {
      JsonNode value = node.isArray() ? node.get(Integer.parseInt(key)) : node.get(key);
      known = new Place(value, pointer + "/" + escaped(key), this);
      children.put(key, known);
    }
    return known;
  }

  Place child(int i) {
    return child(Integer.toString(i));
  }

  private static String escaped(String key) {
    return key.replace("~", "~0").replace("/", "~1");
  }

  boolean isTrue() {
    return node.isBoolean() && node.booleanValue() || node.isObject() && node.isEmpty();
  }

  boolean isFalse() {
    return node.isBoolean() && !node.booleanValue();
  }

  /** This place, if it can be a schema. */
  Place schema() {
    if (!node.isObject() && !node.isBoolean()) {
      throw new ConstraintException(pointer + " must be a schema, an object or a boolean");
    }
    return this;
  }

  /** The members' places of a keyword whose value is an array. */
  Place array(String keyword) {
    Place value = child(keyword);
    if (!value.node.isArray()) {
      throw value.wrong("an array");
    }
    return value;
  }

  Place object(String keyword) {
    Place value = child(keyword);
    if (!value.node.isObject()) {
      throw value.wrong("an object");
    }
    return value;
  }

  String text(String keyword) {
    Place value = child(keyword);
    if (!value.node.isTextual()) {
      throw value.wrong("a string");
    }
    return value.node.textValue();
  }

  boolean flag(String keyword) {
    Place value = child(keyword);
    if (!value.node.isBoolean()) {
      throw value.wrong("true or false");
    }
    return value.node.booleanValue();
  }

  BigDecimal number(String keyword) {
    Place value = child(keyword);
    if (!value.node.isNumber()) {
      throw value.wrong("a number");
    }
    return value.node.decimalValue();
  }

  /** A count, 0 to Integer.MAX_VALUE; larger ones are as good as that. */
  int count(String keyword) {
    BigDecimal number = number(keyword);
    if (number.signum() < 0 || number.stripTrailingZeros().scale() > 0) {
      throw child(keyword).wrong("a whole number of at least 0");
    }
    return number.min(BigDecimal.valueOf(Integer.MAX_VALUE)).intValue();
  }

  ConstraintException wrong(String expected) {
    return new ConstraintException("the schema is wrong at " + pointer + ": expected " + expected);
  }

  @Override
  public String toString() {
    return pointer;
  }
}
