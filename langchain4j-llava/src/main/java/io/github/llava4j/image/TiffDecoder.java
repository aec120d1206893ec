package io.github.llava4j.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.util.Optional;

import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;

/** TIFF through the TwelveMonkeys reader; the first page. */
final class TiffDecoder implements Format {

  private static final double PREMULTIPLIED = 1;
  private static final double WHITE_IS_ZERO = 0;
  private static final double RGB = 2;
  private static final double PALETTE = 3;
  private static final double CIE_LAB = 8;
  private static final double SEPARATE = 2;
  private static final int WIDEST = 0xFFFF;
  private static final int MOST_SAMPLE_BYTES = 16;

  @Override
  public Header header(byte[] encoded) throws IOException {
    TiffDirectory directory = TiffDirectory.of(encoded, 0);
    double samples = directory.number(TiffDirectory.SAMPLES_PER_PIXEL).orElse(1.0);
    double bits = directory.number(TiffDirectory.BITS_PER_SAMPLE).orElse(1.0);
    return new Header(size(directory, TiffDirectory.WIDTH), size(directory, TiffDirectory.HEIGHT),
        (int) Math.clamp(Math.ceil(samples * bits / 8), 1, MOST_SAMPLE_BYTES),
        new EmbeddedTags(encoded, directory.bytes(TiffDirectory.XMP)).orientation());
  }

  private static int size(TiffDirectory directory, int tag) throws IOException {
    return Math.toIntExact(directory.number(tag).orElseThrow(() -> new IOException("there is no size")).longValue());
  }

  @Override
  public Pixels decode(byte[] encoded, Header header) throws IOException {
    TiffDirectory directory = TiffDirectory.of(encoded, 0);
    requireSupported(directory);
    BufferedImage image =
        ImageReaders.read(new TIFFImageReaderSpi().createReaderInstance(null), encoded, header);
    WritableRaster raster = image.getRaster();
    if (raster.getNumBands() >= 4 && premultiplied(directory)) {
      divideByAlpha(raster);
    }
    if (raster.getNumBands() == 1 && raster.getTransferType() == DataBuffer.TYPE_USHORT
        && directory.number(TiffDirectory.PHOTOMETRIC).orElse(1.0) == WHITE_IS_ZERO) {
      // Pillow takes wide gray as it is stored; the reader has inverted it.
      invert(raster);
    }
    return RasterConversion.toRgb(image, raster.getNumBands() == 1);
  }

  private static void requireSupported(TiffDirectory directory) throws IOException {
    double photometric = directory.number(TiffDirectory.PHOTOMETRIC).orElse(1.0);
    if (photometric == CIE_LAB) {
      throw new IOException("CIE L*a*b* colours are not supported");
    }
    if (photometric == PALETTE && directory.number(TiffDirectory.SAMPLES_PER_PIXEL).orElse(1.0) > 1) {
      throw new IOException("a palette with more samples than the index is not supported");
    }
  }

  /** Pillow's rule, and libtiff's: in separate compressed planes a fourth one that nothing is said about is taken so. */
  private static boolean premultiplied(TiffDirectory directory) {
    Optional<Double> kind = directory.number(TiffDirectory.EXTRA_SAMPLES);
    return directory.number(TiffDirectory.PHOTOMETRIC).orElse(1.0) == RGB
        && kind.orElse(directory.number(TiffDirectory.PLANES).orElse(1.0) == SEPARATE
            && directory.number(TiffDirectory.COMPRESSION).orElse(1.0) != 1 ? PREMULTIPLIED : 0.0) == PREMULTIPLIED;
  }

  /** Takes colours apart from the alpha that they were multiplied with, as Pillow does (Unpack.c, unpackRGBa). */
  private static void divideByAlpha(WritableRaster raster) {
    int shift = raster.getSampleModel().getSampleSize(0) - 8;
    int bands = raster.getNumBands();
    for (int y = 0; y < raster.getHeight(); y++) {
      int[] row = raster.getPixels(0, y, raster.getWidth(), 1, (int[]) null);
      for (int i = 0; i < row.length; i += bands) {
        int alpha = row[i + 3] >> shift;
        for (int c = i; c < i + 3; c++) {
          row[c] = alpha == 0 ? 0 : Math.min((row[c] >> shift) * 255 / alpha, 255) << shift;
        }
      }
      raster.setPixels(0, y, raster.getWidth(), 1, row);
    }
  }

  private static void invert(WritableRaster raster) {
    for (int y = 0; y < raster.getHeight(); y++) {
      int[] row = raster.getPixels(0, y, raster.getWidth(), 1, (int[]) null);
      for (int x = 0; x < row.length; x++) {
        row[x] = WIDEST - row[x];
      }
      raster.setPixels(0, y, raster.getWidth(), 1, row);
    }
  }
}
