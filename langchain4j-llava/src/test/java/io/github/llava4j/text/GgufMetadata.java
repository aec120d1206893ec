package io.github.llava4j.text;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Just enough of a GGUF reader to get at the tokenizer of a file that is known to be sound. */
record GgufMetadata(Map<String, Object> values) {

  static GgufMetadata read(byte[] file) {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).position(16);
    long count = in.getLong();
    Map<String, Object> values = new HashMap<>();
    for (long i = 0; i < count; i++) {
      String key = string(in);
      values.put(key, value(in, in.getInt()));
    }
    return new GgufMetadata(values);
  }

  GgufTokenizer tokenizer() {
    List<String> tokens = list("tokens").stream().map(String.class::cast).toList();
    List<?> types = list("token_type");
    List<?> scoreList = list("scores");
    float[] scores = new float[scoreList.size()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = (Float) scoreList.get(i);
    }
    return new GgufTokenizer(
        (String) get("model"),
        tokens,
        scores,
        types.stream().mapToInt(Integer.class::cast).toArray(),
        (Integer) get("bos_token_id"),
        (Integer) get("eos_token_id"),
        (Integer) get("unknown_token_id"),
        (Boolean) get("add_bos_token"),
        (Boolean) get("add_space_prefix"));
  }

  private Object get(String key) {
    return values.get("tokenizer.ggml." + key);
  }

  private List<?> list(String key) {
    return (List<?>) get(key);
  }

  private static String string(ByteBuffer in) {
    byte[] utf8 = new byte[(int) in.getLong()];
    in.get(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private static Object value(ByteBuffer in, int type) {
    return switch (type) {
      case 0, 1 -> in.get();
      case 2, 3 -> in.getShort();
      case 4, 5 -> in.getInt();
      case 6 -> in.getFloat();
      case 7 -> in.get() != 0;
      case 8 -> string(in);
      case 9 -> {
        int elementType = in.getInt();
        long length = in.getLong();
        List<Object> elements = new ArrayList<>();
        for (long i = 0; i < length; i++) {
          elements.add(value(in, elementType));
        }
        yield elements;
      }
      case 10, 11, 12 -> in.getLong();
      default -> throw new IllegalArgumentException("GGUF type " + type);
    };
  }
}
