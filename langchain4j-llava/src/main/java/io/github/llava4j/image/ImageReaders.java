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

  /** The first image, if it has the size that is expected. */
  static BufferedImage read(ImageReader reader, byte[] encoded, Header expected) throws IOException {
    return read(reader, encoded, expected.width(), expected.height(), r -> r.read(0));
  }

  /** Checks the size before memory is taken for it, reads, and frees the reader. */
  static <T> T read(ImageReader reader, byte[] encoded, int width, int height, Reading<T> reading) throws IOException {
    try (ByteArrayImageInputStream in = new ByteArrayImageInputStream(encoded)) {
      reader.setInput(in, true, true);
      if (reader.getWidth(0) != width || reader.getHeight(0) != height) {
        throw new IOException("expected %d x %d pixels, but there are %d x %d"
            .formatted(width, height, reader.getWidth(0), reader.getHeight(0)));
      }
      return reading.from(reader);
    } finally {
      reader.dispose();
    }
  }
}
