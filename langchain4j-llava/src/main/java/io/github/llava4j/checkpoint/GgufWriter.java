package io.github.llava4j.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.github.llava4j.kernels.tensor.DType;

/**
 * Writes a GGUF file of version 3 from front to back, whatever its size: first all metadata, then {@link #tensor} for
 * every tensor, then {@link #data} for each of them in the same order, in pieces of any size.
 *
 * <p>The channel is the caller's to open; {@link #close} closes it.
 */
public final class GgufWriter implements Closeable {

  private static final int VERSION = 3;
  private static final int ALIGNMENT = GgufFile.DEFAULT_ALIGNMENT;

  private record Planned(String name, long bytes) {}

  private final WritableByteChannel channel;
  private final ByteArrayOutputStream pairs = new ByteArrayOutputStream();
  private final ByteArrayOutputStream infos = new ByteArrayOutputStream();
  private final Set<String> keys = new LinkedHashSet<>();
  private final Set<String> names = new LinkedHashSet<>();
  private final List<Planned> planned = new ArrayList<>();
  private long dataBytes;
  private boolean headerWritten;
  private int current;
  private long writtenOfCurrent;

  public GgufWriter(WritableByteChannel channel) {
    this.channel = channel;
  }

  public GgufWriter put(String key, String value) {
    return pair(key, GgufMetadata.ValueType.STRING, string(value));
  }

  public GgufWriter put(String key, boolean value) {
    return pair(key, GgufMetadata.ValueType.BOOL, new byte[] {(byte) (value ? 1 : 0)});
  }

  /** Written as u32, which is what llama.cpp expects of all its counts. */
  public GgufWriter put(String key, int value) {
    return pair(key, GgufMetadata.ValueType.U32, little(4).putInt(value).array());
  }

  public GgufWriter put(String key, float value) {
    return pair(key, GgufMetadata.ValueType.F32, little(4).putFloat(value).array());
  }

  public GgufWriter put(String key, List<String> values) {
    ByteArrayOutputStream elements = new ByteArrayOutputStream();
    values.forEach(value -> elements.writeBytes(string(value)));
    return array(key, GgufMetadata.ValueType.STRING, values.size(), elements.toByteArray());
  }

  public GgufWriter put(String key, float[] values) {
    ByteBuffer elements = little(4 * values.length);
    for (float value : values) {
      elements.putFloat(value);
    }
    return array(key, GgufMetadata.ValueType.F32, values.length, elements.array());
  }

  public GgufWriter put(String key, int[] values) {
    ByteBuffer elements = little(4 * values.length);
    for (int value : values) {
      elements.putInt(value);
    }
    return array(key, GgufMetadata.ValueType.I32, values.length, elements.array());
  }

  /**
   * Announces a tensor.
   *
   * @param shape outermost dimension first, as everywhere but in the file
   */
  public GgufWriter tensor(String name, DType type, int... shape) {
    requireHeaderOpen();
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    if (utf8.length > GgufFile.LONGEST_NAME || shape.length < 1 || shape.length > 4 || !names.add(name)) {
      throw new IllegalArgumentException(name + ": a name that is too long or there twice, or no shape of 1 to 4");
    }
    if (shape[shape.length - 1] % type.blockLength() != 0) {
      throw new IllegalArgumentException(name + ": rows are no whole number of " + type + " blocks");
    }
    ByteBuffer info = little(8 + utf8.length + 4 + 8 * shape.length + 4 + 8);
    info.putLong(utf8.length).put(utf8).putInt(shape.length);
    long values = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      info.putLong(shape[i]);
      values = Math.multiplyExact(values, (long) shape[i]);
    }
    info.putInt(GgmlType.id(type)).putLong(dataBytes);
    infos.writeBytes(info.array());
    Planned plan = new Planned(name, type.bytes(values));
    planned.add(plan);
    dataBytes = GgufFile.padded(dataBytes + plan.bytes, ALIGNMENT);
    return this;
  }

  /**
   * Writes the next bytes of the tensors' data; one call may not reach over the end of a tensor.
   *
   * @throws IllegalStateException if these are more bytes than the current tensor has
   */
  public void data(ByteBuffer bytes) throws IOException {
    writeHeader();
    if (current == planned.size() || bytes.remaining() > planned.get(current).bytes - writtenOfCurrent) {
      Object taker = current == planned.size() ? "all tensors" : planned.get(current);
      throw new IllegalStateException(
          bytes.remaining() + " bytes are more than " + taker + " can take after " + writtenOfCurrent);
    }
    writtenOfCurrent += bytes.remaining();
    write(bytes);
    if (writtenOfCurrent == planned.get(current).bytes) {
      write(padding(writtenOfCurrent));
      current++;
      writtenOfCurrent = 0;
    }
  }

  /**
   * Closes the channel.
   *
   * @throws IllegalStateException if data of a tensor is missing
   */
  @Override
  public void close() throws IOException {
    try (channel) {
      writeHeader();
      if (current < planned.size()) {
        throw new IllegalStateException("no or not all data was given for " + planned.get(current));
      }
    }
  }

  private void writeHeader() throws IOException {
    if (headerWritten) {
      return;
    }
    headerWritten = true;
    ByteBuffer start = little(24).putInt(GgufFile.MAGIC).putInt(VERSION).putLong(planned.size()).putLong(keys.size());
    write(start.flip());
    write(ByteBuffer.wrap(pairs.toByteArray()));
    write(ByteBuffer.wrap(infos.toByteArray()));
    write(padding(24L + pairs.size() + infos.size()));
  }

  private GgufWriter pair(String key, GgufMetadata.ValueType type, byte[] value) {
    requireHeaderOpen();
    if (!keys.add(key)) {
      throw new IllegalArgumentException("the key " + key + " is there twice");
    }
    pairs.writeBytes(string(key));
    pairs.writeBytes(little(4).putInt(type.ordinal()).array());
    pairs.writeBytes(value);
    return this;
  }

  private GgufWriter array(String key, GgufMetadata.ValueType type, int count, byte[] elements) {
    ByteBuffer value = little(12 + elements.length).putInt(type.ordinal()).putLong(count).put(elements);
    return pair(key, GgufMetadata.ValueType.ARRAY, value.array());
  }

  private void requireHeaderOpen() {
    if (headerWritten) {
      throw new IllegalStateException("metadata and tensors come before the first data");
    }
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static ByteBuffer padding(long position) {
    return ByteBuffer.allocate((int) (GgufFile.padded(position, ALIGNMENT) - position));
  }

  private static byte[] string(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    return little(8 + utf8.length).putLong(utf8.length).put(utf8).array();
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
