package io.github.llava4j.image;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;

/** WebP through the TwelveMonkeys reader. */
final class WebpDecoder {

  private static final int FIRST_CHUNK = 12;

  private WebpDecoder() {}

  static Pixels decode(byte[] encoded, Guard guard) throws IOException {
    long riffBytes = Integer.toUnsignedLong(ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN).getInt(4));
    if (riffBytes + 8 > encoded.length) {
      throw new EOFException("the file ends before the end of its container");
    }
    return RasterConversion.toRgb(
        ImageReaders.read(new WebPImageReaderSpi().createReaderInstance(null), encoded, guard), false);
  }

  /** The EXIF and XMP chunks. */
  static EmbeddedTags tags(byte[] encoded) {
    ByteBuffer riff = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
    byte[] exif = null;
    byte[] xmp = null;
    for (long at = FIRST_CHUNK; at + 8 <= encoded.length; ) {
      String type = new String(encoded, (int) at, 4, StandardCharsets.ISO_8859_1);
      long length = Integer.toUnsignedLong(riff.getInt((int) at + 4));
      long end = Math.min(at + 8 + length, encoded.length);
      switch (type) {
        case "EXIF" -> exif = Arrays.copyOfRange(encoded, (int) at + 8, (int) end);
        case "XMP " -> xmp = Arrays.copyOfRange(encoded, (int) at + 8, (int) end);
        default -> { }
      }
      at = end + length % 2;
    }
    return new EmbeddedTags(exif, xmp);
  }
}
