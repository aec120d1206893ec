package io.github.llava4j.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The headers of a BMP, of Windows (versions 3 to 5) or OS/2.
 *
 * @param topDown whether the first row is the top one
 * @param bits per pixel: 1, 4, 8, 16, 24 or 32
 * @param compression of the constants here
 * @param masks which bits of a pixel are red, green and blue, where these are 16 or 32
 * @param palette red, green, blue of each index; what lies beyond is black
 * @param pixels where they begin in the file
 */
record BmpFile(int width, int height, boolean topDown, int bits, int compression, int[] masks, byte[] palette,
    int pixels) {

  static final int RAW = 0;
  static final int RUNS_OF_8 = 1;
  static final int RUNS_OF_4 = 2;

  private static final int BIT_FIELDS = 3;
  private static final int ALPHA_BIT_FIELDS = 6;
  private static final int FILE_HEADER = 14;
  private static final int OS2_HEADER = 12;
  private static final int INFO_HEADER = 40;
  private static final int MASKS_AT = FILE_HEADER + INFO_HEADER;
  private static final int MOST_COLORS = 256;

  static BmpFile parse(byte[] data) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    int headerBytes = in.getInt(FILE_HEADER);
    boolean old = headerBytes == OS2_HEADER;
    if (!old && (headerBytes < INFO_HEADER || headerBytes > data.length - FILE_HEADER)) {
      throw new IOException("a header of %d bytes is not known".formatted(headerBytes));
    }
    int width = old ? Short.toUnsignedInt(in.getShort(18)) : in.getInt(18);
    int height = old ? Short.toUnsignedInt(in.getShort(20)) : in.getInt(22);
    int bits = in.getShort(old ? 24 : 28);
    int compression = old ? RAW : in.getInt(30);
    boolean fields = compression == BIT_FIELDS || compression == ALPHA_BIT_FIELDS;
    requireKnown(bits, compression, fields);
    // In a header of 40 bytes the masks follow it.
    int end = FILE_HEADER + headerBytes + (!fields || headerBytes > INFO_HEADER ? 0 : compression == BIT_FIELDS ? 12 : 16);
    int entryBytes = old ? 3 : 4;
    int declared = old ? 0 : in.getInt(46);
    long colors = bits > 8 ? 0 : declared == 0 ? 1 << bits : Integer.toUnsignedLong(declared);
    long paletteEnd = end + colors * entryBytes;
    int offset = in.getInt(10);
    // Some writers forget the palette in the offset, some leave the offset out.
    long pixels = offset == 0 || offset == end && bits <= 8 ? paletteEnd : Integer.toUnsignedLong(offset);
    if (pixels > data.length) {
      throw new IOException("the pixels begin beyond the end of the file");
    }
    int[] masks = fields && in.getInt(MASKS_AT) != 0
        ? new int[] {in.getInt(MASKS_AT), in.getInt(MASKS_AT + 4), in.getInt(MASKS_AT + 8)} : defaultMasks(bits);
    return new BmpFile(width, Math.absExact(height), height < 0, bits, fields ? RAW : compression, masks,
        palette(data, end, (int) Math.min(colors, MOST_COLORS), entryBytes), (int) pixels);
  }

  private static void requireKnown(int bits, int compression, boolean fields) throws IOException {
    boolean known = switch (bits) {
      case 1, 4, 8 -> compression >= RAW && compression <= RUNS_OF_4;
      case 24 -> compression == RAW || fields;
      case 16, 32 -> compression == RAW || fields;
      default -> false;
    };
    if (!known) {
      throw new IOException("%d bits per pixel with compression %d are not supported".formatted(bits, compression));
    }
  }

  private static int[] defaultMasks(int bits) {
    return bits == 16 ? new int[] {0x7C00, 0x3E0, 0x1F} : new int[] {0xFF0000, 0xFF00, 0xFF};
  }

  private static byte[] palette(byte[] data, int at, int colors, int entryBytes) {
    byte[] palette = new byte[3 * MOST_COLORS];
    for (int i = 0; i < colors && at + 3 <= data.length; i++, at += entryBytes) {
      palette[3 * i] = data[at + 2];
      palette[3 * i + 1] = data[at + 1];
      palette[3 * i + 2] = data[at];
    }
    return palette;
  }

  /** Bytes of a row; rows are filled up to whole words of 4 bytes. */
  long rowBytes() {
    return Math.ceilDiv((long) width * bits, 32) * 4;
  }

  byte[] rows(byte[] data) throws IOException {
    long bytes = rowBytes() * height;
    if (bytes > data.length - pixels) {
      throw new IOException("the file ends before the last row");
    }
    return Arrays.copyOfRange(data, pixels, pixels + (int) bytes);
  }
}
