package io.github.llava4j.config;

import java.io.IOException;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.llava4j.CheckpointException;

/** JSON as model files hold it: one value, no key twice, Python's NaN and Infinity allowed. */
public final class Json {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  /** @param file what to call the bytes in messages */
  public static JsonNode parse(Object file, byte[] bytes) {
    try {
      return MAPPER.readTree(bytes);
    } catch (IOException e) {
      throw new CheckpointException(file + ": not valid JSON: " + e.getMessage().lines().findFirst().orElse(""), e);
    }
  }

  /** The same, which must be an object. */
  public static JsonNode parseObject(Object file, byte[] bytes) {
    JsonNode node = parse(file, bytes);
    if (!node.isObject()) {
      throw new CheckpointException(file + ": expected a JSON object");
    }
    return node;
  }
}
