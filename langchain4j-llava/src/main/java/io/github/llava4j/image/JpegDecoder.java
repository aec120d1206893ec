package io.github.llava4j.image;

import java.awt.image.Raster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageReader;

/**
 * JPEG, bit for bit as libjpeg-turbo.
 *
 * <p>The JDK's reader is libjpeg 6b with the same inverse DCT and, but for one sampling ({@link #interpolateRows}), the
 * same chroma upsampling, so its raw components are equal. It gets tables and scans alone: its own guesses about colour
 * spaces, and profiles, are avoided by reading the raster and converting here.
 */
final class JpegDecoder implements Format {

  private static final int HALF = 1 << 15;
  private static final int PRECISION = 8;
  // What libjpeg says of bytes that are neither a marker nor the coefficients of a block.
  private static final String SKIPPED = "extraneous bytes before marker";

  @Override
  public Header header(byte[] encoded) throws IOException {
    JpegFile file = JpegFile.parse(encoded);
    return new Header(file.width(), file.height(), file.components().length, file.tags().orientation());
  }

  @Override
  public Pixels decode(byte[] encoded, Header header) throws IOException {
    JpegFile file = JpegFile.parse(encoded);
    requireSupported(file);
    Raster raster = file.hasEnd(encoded) ? read(file, encoded, header, new ArrayList<>())
        : readWithoutEnd(file, encoded, header);
    if (raster.getNumBands() != file.components().length) {
      throw new IOException("expected %d components, got %d".formatted(file.components().length, raster.getNumBands()));
    }
    return toRgb(file, raster);
  }

  private static void requireSupported(JpegFile file) throws IOException {
    if (file.frame() > JpegFile.PROGRESSIVE) {
      throw new IOException(file.frame() == 0xC9 || file.frame() == 0xCA
          ? "arithmetic coding is not supported; save the picture with Huffman coding"
          : "frames of type %02x (lossless or hierarchical) are not supported".formatted(file.frame()));
    }
    if (file.precision() != PRECISION) {
      throw new IOException("samples of %d bits are not supported, only of 8".formatted(file.precision()));
    }
    int count = file.components().length;
    if (count != 1 && count != 3 && count != 4) {
      throw new IOException("expected 1, 3 or 4 components, got " + count);
    }
  }

  private static Raster read(JpegFile file, byte[] encoded, Header header, List<String> warnings) throws IOException {
    ImageReader reader = ImageReaders.jdk("jpeg");
    reader.addIIOReadWarningListener((_, warning) -> warnings.add(warning));
    return ImageReaders.read(
        reader, file.onlyPixels(encoded), header.width(), header.height(), r -> r.readRaster(0, null));
  }

  /**
   * Of a file whose end is not marked all pixels may be there nevertheless. The JDK's reader fills what is missing with
   * gray and only warns.
   */
  private static Raster readWithoutEnd(JpegFile file, byte[] encoded, Header header) throws IOException {
    if (file.mayBeWhole(encoded)) {
      List<String> warnings = new ArrayList<>();
      Raster raster = read(file, encoded, header, warnings);
      if (warnings.stream().allMatch(warning -> warning.contains(SKIPPED))) {
        return raster;
      }
    }
    throw new IOException("the file ends before the end of the image");
  }

  private static Pixels toRgb(JpegFile file, Raster raster) throws IOException {
    int width = raster.getWidth();
    int height = raster.getHeight();
    int bands = raster.getNumBands();
    byte[] samples = (byte[]) raster.getDataElements(0, 0, width, height, null);
    for (int band = 0; band < bands; band++) {
      if (file.everyOtherRow(file.components()[band])) {
        interpolateRows(samples, bands * width, band, bands);
      }
    }
    byte[] rgb = new byte[3 * width * height];
    byte[] row = new byte[bands * width];
    for (int y = 0; y < height; y++) {
      System.arraycopy(samples, y * row.length, row, 0, row.length);
      int to = 3 * width * y;
      switch (bands) {
        case 1 -> ColorConversion.gray(row, 1, rgb, to);
        case 3 -> {
          if (file.storesRgb()) {
            System.arraycopy(row, 0, rgb, to, row.length);
          } else {
            yccToRgb(row, 3, rgb, to, 3);
          }
        }
        // Pillow takes the inks of every JPEG to be inverted, as Adobe stores them.
        case 4 -> {
          if (file.storesYcck()) {
            yccToInks(row);
          }
          ColorConversion.invertedCmyk(row, rgb, to);
        }
        default -> throw new IOException("expected 1, 3 or 4 components, got " + bands);
      }
    }
    return new Pixels(width, height, rgb);
  }

  /**
   * libjpeg-turbo's upsampling of a component that every other row has (jdsample.c, h1v2_fancy_upsample): three parts of
   * the nearest row and one of the next. libjpeg 6b repeats rows, so each stored row still stands at twice its place.
   */
  private static void interpolateRows(byte[] samples, int rowBytes, int band, int bands) {
    int rows = samples.length / rowBytes;
    byte[] above = Arrays.copyOf(samples, rowBytes);
    for (int y = 0; y < rows; y += 2) {
      byte[] here = Arrays.copyOfRange(samples, y * rowBytes, (y + 1) * rowBytes);
      int upper = y * rowBytes;
      int lower = upper + rowBytes;
      int below = y + 2 < rows ? lower + rowBytes : upper;
      for (int x = band; x < rowBytes; x += bands) {
        int near = 3 * (here[x] & 0xFF);
        if (lower < samples.length) {
          // Before the upper row changes: it is the one below if there is no other.
          samples[lower + x] = (byte) (near + (samples[below + x] & 0xFF) + 2 >> 2);
        }
        samples[upper + x] = (byte) (near + (above[x] & 0xFF) + 1 >> 2);
      }
      above = here;
    }
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
