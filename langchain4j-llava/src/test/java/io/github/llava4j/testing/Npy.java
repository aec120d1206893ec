package io.github.llava4j.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A numpy array file of little-endian float32 in C order, as the goldens hold them. */
public record Npy(int[] shape, float[] values) {

  private static final Pattern SHAPE = Pattern.compile("'shape': \\(([0-9, ]*)\\)");

  public static Npy read(Path file) {
    try {
      ByteBuffer data = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      int major = data.get(6);
      int headerLength = major == 1 ? Short.toUnsignedInt(data.getShort(8)) : data.getInt(8);
      int headerAt = major == 1 ? 10 : 12;
      String header = new String(data.array(), headerAt, headerLength, StandardCharsets.ISO_8859_1);
      Matcher matcher = SHAPE.matcher(header);
      if (!header.contains("'<f4'") || !header.contains("'fortran_order': False") || !matcher.find()) {
        throw new IllegalArgumentException(file + ": expected float32 in C order: " + header);
      }
      int[] shape = Arrays.stream(matcher.group(1).split(",")).map(String::strip).filter(s -> !s.isEmpty())
          .mapToInt(Integer::parseInt).toArray();
      float[] values = new float[Arrays.stream(shape).reduce(1, Math::multiplyExact)];
      data.position(headerAt + headerLength).slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
      return new Npy(shape, values);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
