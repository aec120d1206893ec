package io.github.llava4j.image;

import java.awt.image.Raster;
import java.io.IOException;

/**
 * JPEG, bit for bit as libjpeg-turbo.
 *
 * <p>The JDK's reader is libjpeg 6b with the same inverse DCT and the same chroma upsampling, so its raw components are
 * equal; its own guesses about colour spaces, and profiles, are avoided by reading the raster and converting here.
 */
final class JpegDecoder implements Format {

  private static final int HALF = 1 << 15;

  @Override
  public Header header(byte[] encoded) throws IOException {
    JpegHeader jpeg = JpegHeader.parse(encoded);
    return new Header(jpeg.width(), jpeg.height(), jpeg.components().length, jpeg.tags().orientation());
  }

  @Override
  public Pixels decode(byte[] encoded, Header expected) throws IOException {
    JpegHeader header = JpegHeader.parse(encoded);
    Raster raster = ImageReaders.read(ImageReaders.jdk("jpeg"), encoded, expected.width(), expected.height(),
        reader -> reader.readRaster(0, null));
    int bands = raster.getNumBands();
    if (bands != header.components().length) {
      throw new IOException("expected %d components, got %d".formatted(header.components().length, bands));
    }
    int width = raster.getWidth();
    byte[] rgb = new byte[3 * width * raster.getHeight()];
    byte[] row = new byte[bands * width];
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getDataElements(0, y, width, 1, row);
      int to = 3 * width * y;
      switch (bands) {
        case 1 -> ColorConversion.gray(row, 1, rgb, to);
        case 3 -> {
          if (header.storesRgb()) {
            System.arraycopy(row, 0, rgb, to, row.length);
          } else {
            yccToRgb(row, 3, rgb, to, 3);
          }
        }
        // Pillow takes the inks of every JPEG to be inverted, as Adobe stores them.
        case 4 -> {
          if (header.storesYcck()) {
            yccToInks(row);
          }
          ColorConversion.invertedCmyk(row, rgb, to);
        }
        default -> throw new IOException("expected 1, 3 or 4 components, got " + bands);
      }
    }
    return new Pixels(width, raster.getHeight(), rgb);
  }

  /** libjpeg's YCCK to CMYK (ycck_cmyk_convert): the inks are 255 - RGB, black stays. */
  private static void yccToInks(byte[] row) {
    yccToRgb(row, 4, row, 0, 4);
    for (int i = 0; i < row.length; i++) {
      row[i] = (byte) (i % 4 == 3 ? row[i] : ~row[i]);
    }
  }

  /** libjpeg's fixed-point conversion (jdcolor.c, ycc_rgb_convert). Source and target may be one array. */
  private static void yccToRgb(byte[] ycc, int step, byte[] rgb, int to, int stepTo) {
    for (int i = 0; i < ycc.length; i += step, to += stepTo) {
      int y = ycc[i] & 0xFF;
      int cb = (ycc[i + 1] & 0xFF) - 128;
      int cr = (ycc[i + 2] & 0xFF) - 128;
      rgb[to] = clip(y + ((91881 * cr + HALF) >> 16));
      rgb[to + 1] = clip(y + ((-22554 * cb - 46802 * cr + HALF) >> 16));
      rgb[to + 2] = clip(y + ((116130 * cb + HALF) >> 16));
    }
  }

  private static byte clip(int value) {
    return (byte) Math.clamp(value, 0, 255);
  }
}
