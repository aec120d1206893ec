package io.github.llava4j.image;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * A walk over the chunks of a PNG, with Pillow's rules for files that do not end as they should: what follows the last
 * whole chunk behind the pixels does not count.
 */
final class PngFile {

  static final int GRAY = 0;

  private static final int RGB = 2;
  private static final int GRAY_ALPHA = 4;
  private static final int RGB_ALPHA = 6;
  private static final int SIGNATURE_BYTES = 8;
  private static final int HEADER_BYTES = 13;
  // Length and type before the data of a chunk, checksum behind them.
  private static final int BEFORE = 8;
  private static final int AFTER = 4;
  private static final Set<String> ESSENTIAL = Set.of("IHDR", "PLTE", "tRNS", "IDAT");

  private final byte[] data;
  private final ByteBuffer in;
  private String type = "";
  private int start = SIGNATURE_BYTES - AFTER;
  private int length;
  private boolean pixelsSeen;

  PngFile(byte[] data) throws IOException {
    this.data = data;
    this.in = ByteBuffer.wrap(data);
    if (!next() || !type.equals("IHDR") || length < HEADER_BYTES) {
      throw new IOException("expected a header chunk at the beginning");
    }
    requireChecksum();
  }

  /** Bits of a sample. */
  int depth() {
    return data[SIGNATURE_BYTES + BEFORE + 8];
  }

  /** 0 gray, 2 RGB, 3 palette, 4 gray and alpha, 6 RGB and alpha. */
  int colorType() {
    return data[SIGNATURE_BYTES + BEFORE + 9];
  }

  int width() {
    return in.getInt(SIGNATURE_BYTES + BEFORE);
  }

  int height() {
    return in.getInt(SIGNATURE_BYTES + BEFORE + 4);
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

  /** Reads the rest of the file for its metadata. */
  EmbeddedTags tags() throws IOException {
    PngText text = new PngText();
    while (next()) {
      text.add(type, data, start, start + length);
    }
    return text.tags();
  }

  /**
   * The rest of the file reduced to what makes pixels. Text and profile chunks never reach the decoder, which would
   * inflate them without a limit; nor do the further frames of an animation.
   */
  byte[] onlyPixels() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(data.length);
    out.write(data, 0, SIGNATURE_BYTES);
    copy(out);
    while (next()) {
      if (ESSENTIAL.contains(type)) {
        // Pillow does not check the sums of pixel data; what is damaged there does not inflate.
        if (!type.equals("IDAT")) {
          requireChecksum();
        }
        copy(out);
      }
    }
    out.writeBytes(new byte[] {0, 0, 0, 0, 'I', 'E', 'N', 'D', (byte) 0xAE, 0x42, 0x60, (byte) 0x82});
    return out.toByteArray();
  }

  /** Goes to the next chunk; false at the end. */
  private boolean next() throws IOException {
    long at = (long) start + length + AFTER;
    if (data.length - at < BEFORE || !isName((int) at + 4)) {
      return end("the file ends before the end of the picture");
    }
    length = in.getInt((int) at);
    start = (int) at + BEFORE;
    type = new String(data, start - 4, 4, StandardCharsets.ISO_8859_1);
    if (type.equals("IEND")) {
      return end("there are no pixels in the file");
    }
    if (length < 0 || length > data.length - start) {
      throw new EOFException("the file ends inside chunk " + type);
    }
    pixelsSeen |= type.equals("IDAT");
    return true;
  }

  private boolean end(String otherwise) throws EOFException {
    if (!pixelsSeen) {
      throw new EOFException(otherwise);
    }
    return false;
  }

  private boolean isName(int at) {
    for (int i = at; i < at + 4; i++) {
      if (data[i] != '_' && !(data[i] >= 0 && Character.isLetterOrDigit(data[i]))) {
        return false;
      }
    }
    return true;
  }

  private void copy(ByteArrayOutputStream out) {
    CRC32 crc = checksum();
    out.write(data, start - BEFORE, length + BEFORE);
    out.writeBytes(ByteBuffer.allocate(AFTER).putInt((int) crc.getValue()).array());
  }

  private void requireChecksum() throws IOException {
    if (data.length - start - length < AFTER || in.getInt(start + length) != (int) checksum().getValue()) {
      throw new IOException("the checksum of chunk %s is wrong".formatted(type));
    }
  }

  private CRC32 checksum() {
    CRC32 crc = new CRC32();
    crc.update(data, start - 4, length + 4);
    return crc;
  }
}
