package io.github.llava4j.image;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;

import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;

/** TIFF through the TwelveMonkeys reader; the first page. */
final class TiffDecoder implements Format {

  private static final double PREMULTIPLIED = 1;
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
    BufferedImage image =
        ImageReaders.read(new TIFFImageReaderSpi().createReaderInstance(null), encoded, header);
    Raster raster = image.getRaster();
    if (raster.getNumBands() == 4
        && TiffDirectory.of(encoded, 0).number(TiffDirectory.EXTRA_SAMPLES).filter(kind -> kind == PREMULTIPLIED).isPresent()) {
      divideByAlpha(image.getRaster());
    }
    return RasterConversion.toRgb(image, raster.getNumBands() == 1);
  }

  /** Takes colours apart from the alpha that they were multiplied with, as Pillow does (Unpack.c, unpackRGBa). */
  private static void divideByAlpha(WritableRaster raster) {
    int shift = raster.getSampleModel().getSampleSize(0) - 8;
    for (int y = 0; y < raster.getHeight(); y++) {
      int[] row = raster.getPixels(0, y, raster.getWidth(), 1, (int[]) null);
      for (int i = 0; i < row.length; i += 4) {
        int alpha = row[i + 3] >> shift;
        for (int c = i; c < i + 3; c++) {
          row[c] = alpha == 0 ? 0 : Math.min((row[c] >> shift) * 255 / alpha, 255) << shift;
        }
      }
      raster.setPixels(0, y, raster.getWidth(), 1, row);
    }
  }
}
