package io.github.llava4j.image;

import java.io.IOException;

/** BMP through the JDK's reader. */
final class BmpDecoder {

  private BmpDecoder() {}

  static Pixels decode(byte[] encoded, Guard guard) throws IOException {
    return RasterConversion.toRgb(ImageReaders.read(ImageReaders.jdk("bmp"), encoded, guard), false);
  }
}
