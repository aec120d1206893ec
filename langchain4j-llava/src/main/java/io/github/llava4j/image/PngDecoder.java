package io.github.llava4j.image;

import java.io.IOException;

/** PNG through the JDK's reader. */
final class PngDecoder {

  private static final int GRAY = 0;

  private PngDecoder() {}

  static Pixels decode(PngChunks chunks, Guard guard) throws IOException {
    return RasterConversion.toRgb(
        ImageReaders.read(ImageReaders.jdk("png"), chunks.picture(), guard), chunks.colorType() == GRAY);
  }
}
