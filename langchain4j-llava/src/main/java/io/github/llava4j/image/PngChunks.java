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
 * A PNG file reduced to what makes pixels. Text and profile chunks never reach the decoder, which would inflate them
 * without a limit; nor do the further frames of an animation.
 *
 * @param picture a PNG file with only the essential chunks
 * @param colorType of the header: 0 gray, 2 RGB, 3 palette, 4 gray and alpha, 6 RGB and alpha
 */
record PngChunks(byte[] picture, int colorType, EmbeddedTags tags) {

  private static final int SIGNATURE_BYTES = 8;
  private static final int FRAME_BYTES = 12;
  private static final int WIDTH_AT = 16;
  private static final int DEPTH_AT = 24;
  private static final int COLOR_TYPE_OFFSET = 25;
  private static final Set<String> ESSENTIAL = Set.of("IHDR", "PLTE", "tRNS", "IDAT", "IEND");
  // Keyword, then no compression, and empty language and translated keyword.
  private static final String XMP_MARK = "XML:com.adobe.xmp\0\0\0\0\0";

  static PngChunks parse(byte[] data) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(data);
    ByteArrayOutputStream picture = new ByteArrayOutputStream(data.length);
    picture.write(data, 0, SIGNATURE_BYTES);
    byte[] exif = null;
    byte[] xmp = null;
    String type = "";
    for (int at = SIGNATURE_BYTES; !type.equals("IEND"); ) {
      if (data.length - at < FRAME_BYTES || in.getInt(at) < 0 || in.getInt(at) > data.length - at - FRAME_BYTES) {
        throw new EOFException("the file ends inside or before a chunk");
      }
      int length = in.getInt(at);
      type = new String(data, at + 4, 4, StandardCharsets.ISO_8859_1);
      if (ESSENTIAL.contains(type)) {
        requireChecksum(data, at, length, type);
        picture.write(data, at, length + FRAME_BYTES);
      } else if (type.equals("eXIf")) {
        exif = Arrays.copyOfRange(data, at + 8, at + 8 + length);
      } else if (type.equals("iTXt")) {
        String text = new String(data, at + 8, length, StandardCharsets.ISO_8859_1);
        xmp = text.startsWith(XMP_MARK) ? text.getBytes(StandardCharsets.ISO_8859_1) : xmp;
      }
      at += length + FRAME_BYTES;
    }
    return new PngChunks(picture.toByteArray(), data[COLOR_TYPE_OFFSET], new EmbeddedTags(exif, xmp));
  }

  /** What the header chunk says. */
  Header header() {
    ByteBuffer in = ByteBuffer.wrap(picture);
    int channels = switch (colorType) {
      case 2 -> 3;
      case 4 -> 2;
      case 6 -> 4;
      default -> 1;
    };
    return new Header(in.getInt(WIDTH_AT), in.getInt(WIDTH_AT + 4),
        channels * Math.max(1, picture[DEPTH_AT] / 8), tags.orientation());
  }

  private static void requireChecksum(byte[] data, int at, int length, String type) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(data, at + 4, length + 4);
    if ((int) crc.getValue() != ByteBuffer.wrap(data).getInt(at + 8 + length)) {
      throw new IOException("the checksum of chunk %s is wrong".formatted(type));
    }
  }
}
