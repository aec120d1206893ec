package io.github.llava4j.image;

import java.io.IOException;

/** PNG through the JDK's reader. */
final class PngDecoder implements Format {

  @Override
  public Header header(byte[] encoded) throws IOException {
    PngFile file = new PngFile(encoded);
    return new Header(
        file.width(), file.height(), file.channels() * Math.max(1, file.depth() / 8), file.tags().orientation());
  }

  @Override
  public Pixels decode(byte[] encoded, Header header) throws IOException {
    PngFile file = new PngFile(encoded);
    return RasterConversion.toRgb(ImageReaders.read(ImageReaders.jdk("png"), file.onlyPixels(), header),
        file.colorType() == PngFile.GRAY);
  }
}
