package io.github.llava4j.image;

/**
 * RGB pixels on their way through decoding and resampling.
 *
 * @param rgb 3 * width * height bytes, row-major from the top left
 */
record Pixels(int width, int height, byte[] rgb) {

  /** Black pixels. */
  static Pixels black(int width, int height) {
    return new Pixels(width, height, new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))]);
  }

  /** Pixels of one colour, 0xRRGGBB. */
  static Pixels filled(int width, int height, int color) {
    Pixels pixels = black(width, height);
    for (int i = 0; i < pixels.rgb.length; i += 3) {
      pixels.rgb[i] = (byte) (color >> 16);
      pixels.rgb[i + 1] = (byte) (color >> 8);
      pixels.rgb[i + 2] = (byte) color;
    }
    return pixels;
  }

  /** Overwrites a rectangle of these pixels, which must hold it, with another picture. */
  void paste(Pixels other, int left, int top) {
    for (int y = 0; y < other.height; y++) {
      System.arraycopy(other.rgb, 3 * y * other.width, rgb, 3 * ((top + y) * width + left), 3 * other.width);
    }
  }
}
