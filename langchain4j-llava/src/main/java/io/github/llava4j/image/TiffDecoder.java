package io.github.llava4j.image;

import java.awt.image.BufferedImage;
import java.io.IOException;

import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;

/** TIFF through the TwelveMonkeys reader; the first page. */
final class TiffDecoder implements Format {

  @Override
  public Header header(byte[] encoded) throws IOException {
    TiffDirectory directory = TiffDirectory.of(encoded);
    long samples = directory.integer(TiffDirectory.SAMPLES_PER_PIXEL).orElse(1);
    long bits = directory.integer(TiffDirectory.BITS_PER_SAMPLE).orElse(1);
    return new Header(
        Math.toIntExact(directory.integer(TiffDirectory.WIDTH).orElseThrow(() -> new IOException("there is no width"))),
        Math.toIntExact(directory.integer(TiffDirectory.HEIGHT).orElseThrow(() -> new IOException("there is no height"))),
        Math.clamp(Math.ceilDiv(samples * bits, 8), 1, 16),
        new EmbeddedTags(encoded, null).orientation());
  }

  @Override
  public Pixels decode(byte[] encoded, Header header) throws IOException {
    BufferedImage image =
        ImageReaders.read(new TIFFImageReaderSpi().createReaderInstance(null), encoded, header);
    return RasterConversion.toRgb(image, image.getRaster().getNumBands() == 1);
  }
}
