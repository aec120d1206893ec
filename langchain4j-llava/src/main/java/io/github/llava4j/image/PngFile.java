package io.github.llava4j.image;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;

import org.jspecify.annotations.Nullable;

/**
 * The chunks of a PNG, read by Pillow's rules: of chunks of one kind the last counts, sums of pixel data are not
 * checked, and behind the pixels the file may end in any way but inside a chunk.
 *
 * @param header the 13 bytes of the header chunk
 * @param palette red, green, blue of each index, or null if there is none
 * @param firstPixels where the first chunk of pixels begins
 */
record PngFile(byte[] header, byte @Nullable [] palette, int firstPixels, EmbeddedTags tags) {

  static final int GRAY = 0;

  private static final int RGB = 2;
  private static final int PALETTE = 3;
  private static final int GRAY_ALPHA = 4;
  private static final int RGB_ALPHA = 6;
  private static final int HEADER_BYTES = 13;
  private static final int DEPTH_AT = 8;
  private static final int COLOR_TYPE_AT = 9;
  private static final int COMPRESSION_AT = 10;
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

  static PngFile parse(byte[] data) throws IOException {
    byte[] header = null;
    byte[] palette = null;
    int firstPixels = 0;
    boolean animated = false;
    PngText text = new PngText();
    Chunks chunks = new Chunks(data, SIGNATURE.length);
    while (chunks.next()) {
      switch (chunks.type) {
        case "IHDR" -> header = chunks.checked();
        case "PLTE" -> palette = firstPixels == 0 ? chunks.checked() : palette;
        case "IDAT" -> firstPixels = firstPixels == 0 ? chunks.start - Chunks.BEFORE : firstPixels;
        case "acTL" -> animated |= firstPixels == 0 && chunks.length >= 4 && chunks.in.getInt(chunks.start) > 1;
        default -> {
          if (chunks.type.equals("fcTL") && animated && firstPixels != 0) {
            return of(header, palette, firstPixels, text);
          }
          text.add(chunks.type, data, chunks.start, chunks.start + chunks.length);
        }
      }
    }
    return of(header, palette, firstPixels, text);
  }

  private static PngFile of(byte @Nullable [] header, byte @Nullable [] palette, int firstPixels, PngText text) throws IOException {
    if (header == null || header.length < HEADER_BYTES || firstPixels == 0) {
      throw new EOFException("the file ends before its header or its pixels");
    }
    return new PngFile(header, palette, firstPixels, text.tags());
  }

  int width() {
    return ByteBuffer.wrap(header).getInt();
  }

  int height() {
    return ByteBuffer.wrap(header).getInt(4);
  }

  /** Bits of a sample. */
  int depth() {
    return header[DEPTH_AT];
  }

  /** 0 gray, 2 RGB, 3 palette, 4 gray and alpha, 6 RGB and alpha. */
  int colorType() {
    return header[COLOR_TYPE_AT];
  }

  /** Samples of a pixel. */
  int channels() {
    return switch (colorType()) {
      case RGB -> 3;
      case GRAY_ALPHA -> 2;
      case RGB_ALPHA -> 4;
      default -> 1;
    };
  }

  /**
   * A file with the same pixels and nothing else. Text and profile chunks never reach the decoder, which would inflate
   * them without a limit; nor do the further frames of an animation, nor transparency, which is dropped anyway.
   */
  byte[] onlyPixels(byte[] data) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(data.length - firstPixels + 1024);
    out.writeBytes(SIGNATURE);
    byte[] known = Arrays.copyOf(header, HEADER_BYTES);
    known[COMPRESSION_AT] = 0;
    write(out, "IHDR", known, 0, known.length);
    if (colorType() == PALETTE) {
      // What lies beyond the last whole entry is black.
      byte[] whole = palette == null ? new byte[0] : Arrays.copyOf(palette, palette.length / 3 * 3);
      byte[] full = Arrays.copyOf(whole, 3 << Math.clamp(depth(), 1, 8));
      write(out, "PLTE", full, 0, full.length);
    }
    Chunks chunks = new Chunks(data, firstPixels);
    while (chunks.next()) {
      if (chunks.type.equals("IDAT")) {
        write(out, "IDAT", data, chunks.start, chunks.length);
      }
    }
    write(out, "IEND", data, 0, 0);
    return out.toByteArray();
  }

  private static void write(ByteArrayOutputStream out, String type, byte[] data, int start, int length) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data, start, length);
    out.writeBytes(ByteBuffer.allocate(4).putInt(length).array());
    out.writeBytes(name);
    out.write(data, start, length);
    out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }

  /** A walk over the chunks. */
  private static final class Chunks {

    // Length and type before the data of a chunk, checksum behind them.
    static final int BEFORE = 8;
    static final int AFTER = 4;

    private final byte[] data;
    private final ByteBuffer in;
    private String type = "";
    private int start;
    private int length;

    Chunks(byte[] data, int from) {
      this.data = data;
      this.in = ByteBuffer.wrap(data);
      this.start = from - AFTER;
    }

    /** Goes to the next chunk; false at the end. */
    boolean next() throws IOException {
      long at = (long) start + length + AFTER;
      if (data.length - at < BEFORE || !isName((int) at + 4)) {
        return false;
      }
      length = in.getInt((int) at);
      start = (int) at + BEFORE;
      type = new String(data, start - 4, 4, StandardCharsets.ISO_8859_1);
      if (type.equals("IEND")) {
        return false;
      }
      if (length < 0 || length > data.length - start) {
        if (!type.equals("IDAT")) {
          throw new EOFException("the file ends inside chunk " + type);
        }
        // All pixels may be there nevertheless; the decoder notices if not.
        length = data.length - start;
      }
      return true;
    }

    /** The data of the chunk if the checksum is right. */
    byte[] checked() throws IOException {
      CRC32 crc = new CRC32();
      crc.update(data, start - 4, length + 4);
      if (data.length - start - length < AFTER || in.getInt(start + length) != (int) crc.getValue()) {
        throw new IOException("the checksum of chunk %s is wrong".formatted(type));
      }
      return Arrays.copyOfRange(data, start, start + length);
    }

    private boolean isName(int at) {
      for (int i = at; i < at + 4; i++) {
        if (data[i] != '_' && !(data[i] >= 0 && Character.isLetterOrDigit(data[i]))) {
          return false;
        }
      }
      return true;
    }
  }
}
