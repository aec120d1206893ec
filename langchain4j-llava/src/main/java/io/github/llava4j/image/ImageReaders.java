package io.github.llava4j.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;

import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;

/**
 * Access to ImageIO plug-ins. Which plug-in decodes is fixed here and not left to the registry's order, which depends
 * on what else lies on the class path.
 */
final class ImageReaders {

  /** What is asked of a reader that has its input. */
  @FunctionalInterface
  interface Reading<T> {
    T from(ImageReader reader) throws IOException;
  }

  private ImageReaders() {}

  /** The JDK's own reader of a format. */
  static ImageReader jdk(String format) {
    for (Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format); readers.hasNext(); ) {
      ImageReader reader = readers.next();
      if ("java.desktop".equals(reader.getClass().getModule().getName())) {
        return reader;
      }
    }
    throw new IllegalStateException("this JDK has no reader for " + format);
  }

  /** The first image, if its size is allowed. */
  static BufferedImage read(ImageReader reader, byte[] encoded, Guard guard) throws IOException {
    return read(reader, encoded, guard, r -> r.read(0));
  }

  /** Checks the size, reads, and frees the reader. */
  static <T> T read(ImageReader reader, byte[] encoded, Guard guard, Reading<T> reading) throws IOException {
    try (ByteArrayImageInputStream in = new ByteArrayImageInputStream(encoded)) {
      reader.setInput(in, true, true);
      guard.requireSize(reader.getWidth(0), reader.getHeight(0));
      return reading.from(reader);
    } finally {
      reader.dispose();
    }
  }
}
