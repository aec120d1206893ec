package io.github.llava4j.constraint.schema;

import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;

/** JSON values as texts. */
final class JsonValues {

  private static final String SHORT = "\"\\\n\r\t\b\f";
  private static final String LETTERS = "\"\\nrtbf";

  private JsonValues() {}

  /** A string in its one spelling. */
  static String quoted(String text) {
    StringBuilder result = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int brief = SHORT.indexOf(c);
      if (brief >= 0) {
        result.append('\\').append(LETTERS.charAt(brief));
      } else if (c < 0x20) {
        result.append(String.format("\\u%04x", (int) c));
      } else {
        result.append(c);
      }
    }
    return result.append('"').toString();
  }

  /** Whether a text has no half of a surrogate pair, which UTF-8 cannot hold. */
  static boolean isWritable(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return false;
      }
    }
    return true;
  }

  static boolean isWritable(JsonNode value) {
    if (value.isTextual()) {
      return isWritable(value.textValue());
    }
    for (Map.Entry<String, JsonNode> member : value.properties()) {
      if (!isWritable(member.getKey())) {
        return false;
      }
    }
    for (JsonNode child : value) {
      if (!isWritable(child)) {
        return false;
      }
    }
    return true;
  }

  /** Null, a boolean, or a number as the schema has it. */
  static String scalar(JsonNode value) {
    return value.isNumber() && !value.isIntegralNumber() ? value.decimalValue().toString() : value.asText();
  }

  /** The same for values that are equal, whatever their spelling. */
  static String key(JsonNode value) {
    StringBuilder result = new StringBuilder();
    key(value, result);
    return result.toString();
  }

  private static void key(JsonNode value, StringBuilder result) {
    if (value.isTextual()) {
      result.append(quoted(value.textValue()));
    } else if (value.isNumber()) {
      BigDecimal number = value.decimalValue();
      result.append(number.signum() == 0 ? "0" : number.stripTrailingZeros().toString());
    } else if (value.isArray()) {
      result.append('[');
      for (JsonNode item : value) {
        key(item, result);
        result.append(',');
      }
      result.append(']');
    } else if (value.isObject()) {
      TreeMap<String, JsonNode> sorted = new TreeMap<>();
      for (Map.Entry<String, JsonNode> member : value.properties()) {
        sorted.put(member.getKey(), member.getValue());
      }
      result.append('{');
      for (Map.Entry<String, JsonNode> member : sorted.entrySet()) {
        result.append(quoted(member.getKey())).append(':');
        key(member.getValue(), result);
        result.append(',');
      }
      result.append('}');
    } else {
      result.append(value.asText());
    }
  }
}
