package io.github.llava4j.image;

import java.awt.image.BufferedImage;
import java.io.IOException;

import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;

/** TIFF through the TwelveMonkeys reader; the first page. */
final class TiffDecoder {

  private TiffDecoder() {}

  static Pixels decode(byte[] encoded, Guard guard) throws IOException {
    BufferedImage image = ImageReaders.read(new TIFFImageReaderSpi().createReaderInstance(null), encoded, guard);
    return RasterConversion.toRgb(image, image.getRaster().getNumBands() == 1);
  }
}
