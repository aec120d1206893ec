package io.github.llava4j.demo.tools.trace;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A float32 array in C order as numpy stores it, format version 1.0.
 *
 * @param values row-major
 */
public record NpyFile(int[] shape, float[] values) {

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  private static final int PREFIX = MAGIC.length + 2;
  /** numpy wants the data to start at a multiple of this. */
  private static final int ALIGNMENT = 64;
  private static final int CHUNK = 1 << 18;
  private static final Pattern HEADER = Pattern.compile(
      "\\{'descr': '<f4', 'fortran_order': False, 'shape': \\(([\\d, ]*)\\), ?\\}\\s*");

  public NpyFile {
    if (Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact) != values.length) {
      throw new IllegalArgumentException(values.length + " values for shape " + Arrays.toString(shape));
    }
  }

  public void write(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
      writeFully(channel, ByteBuffer.wrap(header()));
      ByteBuffer bytes = ByteBuffer.allocate(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      for (int from = 0; from < values.length; from += CHUNK) {
        int count = Math.min(CHUNK, values.length - from);
        bytes.clear().asFloatBuffer().put(values, from, count);
        writeFully(channel, bytes.limit(count * Float.BYTES));
      }
    }
  }

  /** Reads a file of the kind that {@link #write} writes. */
  public static NpyFile read(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    Matcher matcher = HEADER.matcher(header(bytes));
    if (!matcher.matches()) {
      throw new IOException(file + ": not a float32 array in C order");
    }
    int[] shape = Arrays.stream(matcher.group(1).split(","))
        .map(String::strip)
        .filter(size -> !size.isEmpty())
        .mapToInt(Integer::parseInt)
        .toArray();
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
    return new NpyFile(shape, values);
  }

  /** The header's text, after which {@code bytes} stands at the data; empty if this is no such file. */
  private static String header(ByteBuffer bytes) {
    if (bytes.remaining() < PREFIX) {
      return "";
    }
    byte[] magic = new byte[MAGIC.length];
    bytes.get(magic);
    int length = Short.toUnsignedInt(bytes.getShort());
    byte[] text = new byte[Math.min(length, bytes.remaining())];
    bytes.get(text);
    return Arrays.equals(magic, MAGIC) ? new String(text, StandardCharsets.US_ASCII) : "";
  }

  private byte[] header() {
    String sizes = Arrays.stream(shape).mapToObj(size -> size + ",").collect(Collectors.joining(" "));
    // A comma ends the tuple of one size only; numpy's own writer leaves it out elsewhere.
    String tuple = shape.length > 1 ? sizes.substring(0, sizes.length() - 1) : sizes;
    String dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + tuple + "), }";
    int padding = Math.floorMod(-(PREFIX + dictionary.length() + 1), ALIGNMENT);
    byte[] text = (dictionary + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(PREFIX + text.length)
        .order(ByteOrder.LITTLE_ENDIAN).put(MAGIC).putShort((short) text.length).put(text).array();
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
