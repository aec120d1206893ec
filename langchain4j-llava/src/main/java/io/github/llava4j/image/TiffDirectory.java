package io.github.llava4j.image;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * The first directory of a TIFF file, or of the EXIF block of another format, which has the same form (TIFF 6.0,
 * section 2), read as Pillow reads it: reading stops at the first field whose values lie beyond the end, and of a field
 * that comes twice the last one counts.
 */
final class TiffDirectory {

  static final int WIDTH = 0x100;
  static final int HEIGHT = 0x101;
  static final int BITS_PER_SAMPLE = 0x102;
  static final int COMPRESSION = 0x103;
  static final int PHOTOMETRIC = 0x106;
  static final int ORIENTATION = 0x112;
  static final int SAMPLES_PER_PIXEL = 0x115;
  static final int PLANES = 0x11C;
  static final int EXTRA_SAMPLES = 0x152;
  static final int XMP = 0x2BC;

  private static final int BIG = 43;

  /** A field: where its values stand, and how many bytes they take. */
  private record Field(int type, int start, int length) {}

  private final ByteBuffer file;
  private final Map<Integer, Field> fields = new HashMap<>();

  private TiffDirectory(ByteBuffer file) {
    this.file = file;
  }

  /**
   * Reads the directory.
   *
   * @param start where the file or block begins; offsets count from there
   * @throws IOException if it does not begin like one
   */
  static TiffDirectory of(byte[] data, int start) throws IOException {
    ByteBuffer file = ByteBuffer.wrap(data, start, data.length - start).slice();
    if (file.limit() < 8 || file.get(0) != file.get(1) || file.get(0) != 'I' && file.get(0) != 'M') {
      throw new IOException("expected the byte order of a TIFF directory");
    }
    file.order(file.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    // BigTIFF counts in 8 bytes where others count in 4 or 2.
    boolean big = file.getShort(2) == BIG && file.limit() >= 16;
    long at = big ? file.getLong(8) : Integer.toUnsignedLong(file.getInt(4));
    if (at < 0 || at + 8 > file.limit()) {
      throw new EOFException("the directory lies beyond the end of the file");
    }
    TiffDirectory directory = new TiffDirectory(file);
    directory.read((int) at, big);
    return directory;
  }

  private void read(int directory, boolean big) {
    long entries = big ? file.getLong(directory) : Short.toUnsignedInt(file.getShort(directory));
    int entryBytes = big ? 20 : 12;
    int inlineBytes = big ? 8 : 4;
    int at = directory + (big ? 8 : 2);
    for (long i = 0; i < entries && file.limit() - at >= entryBytes; i++, at += entryBytes) {
      int type = Short.toUnsignedInt(file.getShort(at + 2));
      int value = at + entryBytes - inlineBytes;
      long count = big ? file.getLong(at + 4) : Integer.toUnsignedLong(file.getInt(at + 4));
      long length = Math.clamp(count, 0, Integer.MAX_VALUE) * size(type);
      long start = length <= inlineBytes ? value
          : big ? file.getLong(value) : Integer.toUnsignedLong(file.getInt(value));
      if (start < 0 || start > file.limit() - length) {
        return;
      }
      if (length > 0) {
        fields.put(Short.toUnsignedInt(file.getShort(at)), new Field(type, (int) start, (int) length));
      }
    }
  }

  boolean has(int tag) {
    return fields.containsKey(tag);
  }

  /** The first value of a field; empty if there is none or if it is no number. A byte is none, as in Pillow. */
  Optional<Double> number(int tag) {
    Field field = fields.get(tag);
    return field == null ? Optional.empty() : Optional.ofNullable(switch (field.type) {
      case 3 -> (double) Short.toUnsignedInt(file.getShort(field.start));
      case 4, 13 -> (double) Integer.toUnsignedLong(file.getInt(field.start));
      case 5 -> (double) Integer.toUnsignedLong(file.getInt(field.start))
          / Integer.toUnsignedLong(file.getInt(field.start + 4));
      case 6 -> (double) file.get(field.start);
      case 8 -> (double) file.getShort(field.start);
      case 9 -> (double) file.getInt(field.start);
      case 10 -> (double) file.getInt(field.start) / file.getInt(field.start + 4);
      case 11 -> (double) file.getFloat(field.start);
      case 12 -> file.getDouble(field.start);
      case 16 -> (double) file.getLong(field.start);
      default -> null;
    });
  }

  /** The bytes of a field's values, or null. */
  byte @Nullable [] bytes(int tag) {
    Field field = fields.get(tag);
    if (field == null) {
      return null;
    }
    byte[] bytes = new byte[field.length];
    file.get(field.start, bytes);
    return bytes;
  }

  /** Bytes of a value, 0 for types that do not exist. */
  private static int size(int type) {
    return switch (type) {
      case 1, 2, 6, 7 -> 1;
      case 3, 8 -> 2;
      case 4, 9, 11, 13 -> 4;
      case 5, 10, 12, 16 -> 8;
      default -> 0;
    };
  }
}
