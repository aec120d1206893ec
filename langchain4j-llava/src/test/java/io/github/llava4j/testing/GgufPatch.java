package io.github.llava4j.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes a GGUF file that says something else than another one: further keys in front, old ones under other names. */
public final class GgufPatch {

  private static final int HEADER = 24;
  private static final int ALIGNMENT = 32;
  private static final int UINT32 = 4;
  private static final int INT32 = 5;
  private static final int BOOL = 7;
  private static final int STRING = 8;
  private static final int ARRAY = 9;

  private final byte[] file;
  private final Map<String, byte[]> added = new LinkedHashMap<>();

  public GgufPatch(Path from) throws IOException {
    this.file = Files.readAllBytes(from);
  }

  public GgufPatch put(String key, int value) {
    added.put(key, little(8).putInt(UINT32).putInt(value).array());
    return this;
  }

  public GgufPatch put(String key, String value) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    added.put(key, little(12 + text.length).putInt(STRING).putLong(text.length).put(text).array());
    return this;
  }

  public GgufPatch put(String key, boolean value) {
    added.put(key, little(5).putInt(BOOL).put((byte) (value ? 1 : 0)).array());
    return this;
  }

  public GgufPatch put(String key, int... values) {
    ByteBuffer array = little(16 + 4 * values.length).putInt(ARRAY).putInt(INT32).putLong(values.length);
    for (int value : values) {
      array.putInt(value);
    }
    added.put(key, array.array());
    return this;
  }

  /** Gives a key of the file another name of the same length, so that nobody knows it. */
  public GgufPatch hide(String key) {
    byte[] name = key.getBytes(StandardCharsets.UTF_8);
    for (int at = HEADER; at + name.length < file.length; at++) {
      if (ByteBuffer.wrap(file, at, name.length).equals(ByteBuffer.wrap(name))) {
        file[at + name.length - 1] = '_';
        return this;
      }
    }
    throw new IllegalArgumentException("no key " + key);
  }

  public Path write(Path to) throws IOException {
    ByteArrayOutputStream pairs = new ByteArrayOutputStream();
    for (Map.Entry<String, byte[]> pair : added.entrySet()) {
      pairs.writeBytes(key(pair.getKey()));
      pairs.writeBytes(pair.getValue());
    }
    // What follows stays aligned: one more text that fills up.
    byte[] name = key("test.padding");
    int fill = Math.floorMod(-(pairs.size() + name.length + 12), ALIGNMENT);
    pairs.writeBytes(name);
    pairs.writeBytes(little(12 + fill).putInt(STRING).putLong(fill).array());
    ByteBuffer header = little(HEADER).put(file, 0, HEADER).flip();
    header.putLong(16, header.getLong(16) + added.size() + 1);
    try (var out = Files.newOutputStream(to)) {
      out.write(header.array());
      out.write(pairs.toByteArray());
      out.write(file, HEADER, file.length - HEADER);
    }
    return to;
  }

  private static byte[] key(String key) {
    byte[] text = key.getBytes(StandardCharsets.UTF_8);
    return little(8 + text.length).putLong(text.length).put(text).array();
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
