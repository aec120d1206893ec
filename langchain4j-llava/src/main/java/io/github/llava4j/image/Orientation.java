package io.github.llava4j.image;

/** Turns and mirrors pixels upright, as Pillow's {@code ImageOps.exif_transpose}. */
final class Orientation {

  private Orientation() {}

  /** @param orientation EXIF value 1 to 8: where the stored first row and first column lie */
  static Pixels apply(int orientation, Pixels source) {
    if (orientation == 1) {
      return source;
    }
    boolean transposed = orientation >= 5;
    int width = transposed ? source.height() : source.width();
    int height = transposed ? source.width() : source.height();
    // Each value reads the source from a corner with one step per column and one per row of the result.
    boolean fromRight = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    boolean fromBottom = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    int stepX = fromRight ? -3 : 3;
    int stepY = (fromBottom ? -3 : 3) * source.width();
    int corner = 3 * ((fromRight ? source.width() - 1 : 0)
        + (fromBottom ? source.width() * (source.height() - 1) : 0));
    int column = transposed ? stepY : stepX;
    int row = transposed ? stepX : stepY;
    byte[] rgb = new byte[source.rgb().length];
    for (int y = 0, to = 0; y < height; y++) {
      for (int x = 0, from = corner + y * row; x < width; x++, from += column, to += 3) {
        rgb[to] = source.rgb()[from];
        rgb[to + 1] = source.rgb()[from + 1];
        rgb[to + 2] = source.rgb()[from + 2];
      }
    }
    return new Pixels(width, height, rgb);
  }
}
