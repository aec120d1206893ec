package io.github.llava4j.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** BMP through the JDK's reader. */
final class BmpDecoder implements Format {

  private static final int INFO_AT = 14;
  private static final int OS2_HEADER = 12;

  @Override
  public Header header(byte[] encoded) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
    if (in.getInt(INFO_AT) == OS2_HEADER) {
      return new Header(Short.toUnsignedInt(in.getShort(18)), Short.toUnsignedInt(in.getShort(20)), 4, 1);
    }
    // A negative height means that the first row is the top one.
    return new Header(in.getInt(18), Math.absExact(in.getInt(22)), 4, 1);
  }

  @Override
  public Pixels decode(byte[] encoded, Header header) throws IOException {
    return RasterConversion.toRgb(ImageReaders.read(ImageReaders.jdk("bmp"), encoded, header), false);
  }
}
