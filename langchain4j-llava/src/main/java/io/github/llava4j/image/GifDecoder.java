package io.github.llava4j.image;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.EOFException;
import java.io.IOException;

/**
 * The first frame of a GIF through the JDK's reader, placed on the logical screen as Pillow does: the screen grows
 * where a frame does not fit, and the rest of it has the colour of the transparent index, or of index 0.
 */
final class GifDecoder implements Format {

  private static final int HEADER_BYTES = 13;
  private static final int EXTENSION = 0x21;
  private static final int IMAGE = 0x2C;

  /** Where the first frame lies. */
  private record Frame(int left, int top, int width, int height) {}

  @Override
  public Header header(byte[] encoded) throws IOException {
    Frame frame = frame(encoded);
    return new Header(Math.max(u16(encoded, 6), frame.left() + frame.width()),
        Math.max(u16(encoded, 8), frame.top() + frame.height()), 4, 1);
  }

  @Override
  public Pixels decode(byte[] encoded, Header header) throws IOException {
    Frame frame = frame(encoded);
    BufferedImage image = ImageReaders.read(
        ImageReaders.jdk("gif"), encoded, frame.width(), frame.height(), reader -> reader.read(0));
    Pixels pixels = RasterConversion.toRgb(image, false);
    if (pixels.width() == header.width() && pixels.height() == header.height()) {
      return pixels;
    }
    IndexColorModel palette = (IndexColorModel) image.getColorModel();
    Pixels screen = Pixels.filled(
        header.width(), header.height(), palette.getRGB(Math.max(palette.getTransparentPixel(), 0)));
    screen.paste(pixels, frame.left(), frame.top());
    return screen;
  }

  private static Frame frame(byte[] data) throws IOException {
    int at = findImage(data);
    return new Frame(u16(data, at + 1), u16(data, at + 3), u16(data, at + 5), u16(data, at + 7));
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
