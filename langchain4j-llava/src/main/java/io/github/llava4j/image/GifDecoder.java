package io.github.llava4j.image;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.EOFException;
import java.io.IOException;

/**
 * The first frame of a GIF through the JDK's reader, placed on the logical screen as Pillow does: the screen grows
 * where a frame does not fit, and the rest of it has the colour of the transparent index, or of index 0.
 */
final class GifDecoder {

  private static final int HEADER_BYTES = 13;
  private static final int EXTENSION = 0x21;
  private static final int IMAGE = 0x2C;

  private GifDecoder() {}

  static Pixels decode(byte[] encoded, Guard guard) throws IOException {
    int descriptor = findImage(encoded);
    int left = u16(encoded, descriptor + 1);
    int top = u16(encoded, descriptor + 3);
    int width = Math.max(u16(encoded, 6), left + u16(encoded, descriptor + 5));
    int height = Math.max(u16(encoded, 8), top + u16(encoded, descriptor + 7));
    guard.requireSize(width, height);
    BufferedImage image = ImageReaders.read(ImageReaders.jdk("gif"), encoded, guard);
    Pixels frame = RasterConversion.toRgb(image, false);
    if (frame.width() == width && frame.height() == height) {
      return frame;
    }
    IndexColorModel palette = (IndexColorModel) image.getColorModel();
    Pixels screen = Pixels.filled(width, height, palette.getRGB(Math.max(palette.getTransparentPixel(), 0)));
    screen.paste(frame, left, top);
    return screen;
  }

  /** The offset of the first image descriptor. */
  private static int findImage(byte[] data) throws IOException {
    int at = HEADER_BYTES + paletteBytes(u8(data, 10));
    while (u8(data, at) == EXTENSION) {
      at += 2;
      for (int block = u8(data, at); block > 0; block = u8(data, at)) {
        at += 1 + block;
      }
      at++;
    }
    if (u8(data, at) != IMAGE) {
      throw new IOException("there is no image in the file");
    }
    return at;
  }

  private static int paletteBytes(int flags) {
    return flags < 0x80 ? 0 : 3 << (flags & 7) + 1;
  }

  private static int u8(byte[] data, int at) throws EOFException {
    if (at >= data.length) {
      throw new EOFException("the file ends before the first image");
    }
    return data[at] & 0xFF;
  }

  private static int u16(byte[] data, int at) throws EOFException {
    return u8(data, at) | u8(data, at + 1) << 8;
  }
}
