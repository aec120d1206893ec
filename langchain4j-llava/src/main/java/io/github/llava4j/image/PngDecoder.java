package io.github.llava4j.image;

import java.io.IOException;

/** PNG through the JDK's reader. */
final class PngDecoder implements Format {

  private static final int GRAY = 0;

  @Override
  public Header header(byte[] encoded) throws IOException {
    return PngChunks.parse(encoded).header();
  }

  @Override
  public Pixels decode(byte[] encoded, Header header) throws IOException {
    PngChunks chunks = PngChunks.parse(encoded);
    return RasterConversion.toRgb(
        ImageReaders.read(ImageReaders.jdk("png"), chunks.picture(), header), chunks.colorType() == GRAY);
  }
}
