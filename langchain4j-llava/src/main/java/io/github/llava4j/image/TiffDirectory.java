package io.github.llava4j.image;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalLong;

/**
 * The first directory of a TIFF file, or of the EXIF block of another format, which has the same form (TIFF 6.0,
 * section 2).
 */
final class TiffDirectory {

  static final int WIDTH = 0x100;
  static final int HEIGHT = 0x101;
  static final int BITS_PER_SAMPLE = 0x102;
  static final int ORIENTATION = 0x112;
  static final int SAMPLES_PER_PIXEL = 0x115;

  private static final int ENTRY_BYTES = 12;

  private final ByteBuffer file;
  private final int first;
  private final int entries;

  private TiffDirectory(ByteBuffer file, int first, int entries) {
    this.file = file;
    this.first = first;
    this.entries = entries;
  }

  /**
   * Finds the directory.
   *
   * @throws EOFException if it does not lie within the file
   */
  static TiffDirectory of(byte[] data) throws IOException {
    ByteBuffer file = ByteBuffer.wrap(data);
    if (data.length > 0 && data[0] == 'I') {
      file.order(ByteOrder.LITTLE_ENDIAN);
    }
    long at = data.length < 8 ? data.length : Integer.toUnsignedLong(file.getInt(4));
    if (at + 2 > data.length) {
      throw new EOFException("the directory lies beyond the end of the file");
    }
    int entries = Short.toUnsignedInt(file.getShort((int) at));
    int first = (int) at + 2;
    return new TiffDirectory(file, first, Math.min(entries, (data.length - first) / ENTRY_BYTES));
  }

  /**
   * The first value of a field of any integer type that stands in the directory itself; empty if there is no such field.
   * Of a field that comes twice the last one counts, as in Pillow.
   */
  OptionalLong integer(int tag) {
    OptionalLong value = OptionalLong.empty();
    for (int i = 0; i < entries; i++) {
      int at = first + i * ENTRY_BYTES;
      if (Short.toUnsignedInt(file.getShort(at)) == tag) {
        OptionalLong found = value(at);
        value = found.isPresent() ? found : value;
      }
    }
    return value;
  }

  private OptionalLong value(int at) {
    long count = Integer.toUnsignedLong(file.getInt(at + 4));
    int type = Short.toUnsignedInt(file.getShort(at + 2));
    int size = switch (type) {
      case 1, 6 -> 1;
      case 3, 8 -> 2;
      case 4, 9, 13 -> 4;
      default -> 0;
    };
    if (size == 0 || count == 0) {
      return OptionalLong.empty();
    }
    long from = count * size <= 4 ? at + 8 : Integer.toUnsignedLong(file.getInt(at + 8));
    if (from + count * size > file.limit()) {
      return OptionalLong.empty();
    }
    int start = (int) from;
    return OptionalLong.of(switch (type) {
      case 1 -> Byte.toUnsignedLong(file.get(start));
      case 3 -> Short.toUnsignedLong(file.getShort(start));
      case 6 -> file.get(start);
      case 8 -> file.getShort(start);
      case 9 -> file.getInt(start);
      default -> Integer.toUnsignedLong(file.getInt(start));
    });
  }
}
