package io.github.llava4j.langchain4j;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import io.github.llava4j.ImageException;
import io.github.llava4j.image.Picture;

/** PNG in memory: ImageIO's short forms would make temporary files. */
final class PngImages {

  static final String TYPE = "image/png";
  private static final String FORMAT = "png";

  private static final int MOST_SIDE = 4_096;
  private static final long MOST_PIXELS = 16_000_000;

  private PngImages() {}

  /**
   * Looks whether jsvg is there, without linking to it.
   *
   * @throws UnsupportedFeatureException if it is not
   */
  static void requireRenderer() {
    try {
      Class.forName("com.github.weisj.jsvg.parser.SVGLoader", false, PngImages.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      throw new UnsupportedFeatureException("PNG drawings are not supported without the library com.github.weisj:jsvg:2.1.0;"
          + " add it to the class path, or choose the format SVG");
    }
  }

  /**
   * Checks a size before memory is taken for it.
   *
   * @throws InvalidRequestException if it is too large
   */
  static void requireSize(long width, long height, String what) {
    if (width > MOST_SIDE || height > MOST_SIDE || width * height > MOST_PIXELS) {
      throw new InvalidRequestException("%s: %d x %d pixels exceed the limits of %d per side and %d in all"
          .formatted(what, width, height, MOST_SIDE, MOST_PIXELS));
    }
  }

  static byte[] write(BufferedImage image) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName(FORMAT).next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(image);
      out.flush();
    } catch (IOException e) {
      throw new IllegalStateException("writing into memory failed", e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** With its transparency; a picture's size must be known to be within limits. */
  static BufferedImage read(byte[] png, String name) {
    ImageReader reader = ImageIO.getImageReadersByFormatName(FORMAT).next();
    try (MemoryCacheImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(png))) {
      reader.setInput(in, true, true);
      return reader.read(0);
    } catch (IOException | RuntimeException e) {
      throw new ImageException(name + ": expected a whole PNG picture, but decoding failed: " + e.getMessage(), e);
    } finally {
      reader.dispose();
    }
  }

  static BufferedImage of(Picture picture) {
    BufferedImage image = new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_RGB);
    int[] row = new int[picture.width()];
    byte[] rgb = picture.rgb();
    for (int y = 0, i = 0; y < picture.height(); y++) {
      for (int x = 0; x < row.length; x++, i += 3) {
        row[x] = (rgb[i] & 0xFF) << 16 | (rgb[i + 1] & 0xFF) << 8 | rgb[i + 2] & 0xFF;
      }
      image.setRGB(0, y, row.length, 1, row, 0, row.length);
    }
    return image;
  }
}
