package io.github.llava4j.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.llava4j.CheckpointException;
import io.github.llava4j.kernels.Op;

/**
 * One object of a {@code config.json}. A key that is missing or null has its default; a value of another kind is an
 * error that names the key.
 *
 * @param node the object, or a missing node where there is none, which has no keys
 */
public record JsonFields(Object file, JsonNode node) {

  /** @throws CheckpointException if {@code node} is no object */
  public static JsonFields of(Object file, JsonNode node) {
    if (!node.isObject()) {
      throw new CheckpointException(file + ": expected a JSON object");
    }
    return new JsonFields(file, node);
  }

  public boolean has(String key) {
    return !node.path(key).isMissingNode() && !node.path(key).isNull();
  }

  /** The object of that key; an empty one if there is none. */
  public JsonFields object(String key) {
    return new JsonFields(file + " " + key, node.path(key));
  }

  public int dimension(String key, long otherwise) {
    return Dimensions.positive(file, key, integer(key, otherwise));
  }

  public long integer(String key, long otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    JsonNode value = node.get(key);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw unexpected(key, "a whole number");
    }
    return value.longValue();
  }

  public float number(String key, float otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    if (!node.get(key).isNumber()) {
      throw unexpected(key, "a number");
    }
    return node.get(key).floatValue();
  }

  public String text(String key, String otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    if (!node.get(key).isTextual()) {
      throw unexpected(key, "a text");
    }
    return node.get(key).textValue();
  }

  public boolean flag(String key, boolean otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    if (!node.get(key).isBoolean()) {
      throw unexpected(key, "true or false");
    }
    return node.get(key).booleanValue();
  }

  public Op.Activation activation(String key, String otherwise) {
    return switch (text(key, otherwise)) {
      case "quick_gelu" -> Op.Activation.QUICK_GELU;
      case "gelu" -> Op.Activation.GELU;
      case "silu", "swish" -> Op.Activation.SILU;
      default -> throw unexpected(key, "quick_gelu, gelu or silu");
    };
  }

  /** Refuses a configuration whose {@code key} is not {@code wanted}: it would give wrong results in silence. */
  public void requireFlag(String key, boolean wanted) {
    if (flag(key, wanted) != wanted) {
      throw unsupported(key);
    }
  }

  /** The same for a number. */
  public void requireNumber(String key, float wanted) {
    if (number(key, wanted) != wanted) {
      throw unsupported(key);
    }
  }

  public CheckpointException unsupported(String key) {
    return new CheckpointException(file + ": " + key + " " + node.path(key) + " is not supported");
  }

  private CheckpointException unexpected(String key, String wanted) {
    return new CheckpointException(file + ": " + key + " is " + node.path(key) + ", expected " + wanted);
  }
}
