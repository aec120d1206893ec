package io.github.llava4j.image.vp8l;

/**
 * What an encoder did to the pixels before it coded them, and how it is undone (RFC 9649, section 3.5). Pixels are
 * 0xAARRGGBB, row by row.
 */
sealed interface Transform {

  /** The pixels before the transform; the given array may be changed. */
  int[] undo(int[] pixels);

  /**
   * The difference to a prediction from the neighbours above and to the left.
   *
   * @param bits of the side of a block that has one way of prediction
   * @param modes the way of each block, in the green channel
   */
  record Predictor(int width, int bits, int[] modes) implements Transform {

    private static final int BLACK = 0xFF000000;

    @Override
    public int[] undo(int[] pixels) {
      int blocks = ceilShift(width, bits);
      for (int at = 0, x = 0, y = 0; at < pixels.length; at++) {
        int prediction;
        if (y == 0) {
          prediction = x == 0 ? BLACK : pixels[at - 1];
        } else if (x == 0) {
          prediction = pixels[at - width];
        } else {
          int mode = modes[(y >> bits) * blocks + (x >> bits)] >> 8 & 15;
          // Above to the right of the last column stands the first pixel of the row itself.
          prediction = predict(
              mode, pixels[at - 1], pixels[at - width], pixels[at - width + 1], pixels[at - width - 1]);
        }
        pixels[at] = add(pixels[at], prediction);
        if (++x == width) {
          x = 0;
          y++;
        }
      }
      return pixels;
    }

    private static int predict(int mode, int left, int top, int topRight, int topLeft) {
      return switch (mode) {
        case 1 -> left;
        case 2 -> top;
        case 3 -> topRight;
        case 4 -> topLeft;
        case 5 -> average(average(left, topRight), top);
        case 6 -> average(left, topLeft);
        case 7 -> average(left, top);
        case 8 -> average(topLeft, top);
        case 9 -> average(top, topRight);
        case 10 -> average(average(left, topLeft), average(top, topRight));
        case 11 -> distance(top, topLeft) < distance(left, topLeft) ? left : top;
        case 12 -> gradient(left, top, topLeft);
        case 13 -> halfGradient(average(left, top), topLeft);
        default -> BLACK;
      };
    }

    /** Of each channel, rounded down: what is common, and half of what is not. */
    private static int average(int a, int b) {
      return (a & b) + ((a ^ b) >>> 1 & 0x7F7F7F7F);
    }

    private static int distance(int a, int b) {
      int sum = 0;
      for (int shift = 0; shift < 32; shift += 8) {
        sum += Math.abs((a >>> shift & 0xFF) - (b >>> shift & 0xFF));
      }
      return sum;
    }

    private static int gradient(int left, int top, int topLeft) {
      int result = 0;
      for (int shift = 0; shift < 32; shift += 8) {
        int value = (left >>> shift & 0xFF) + (top >>> shift & 0xFF) - (topLeft >>> shift & 0xFF);
        result |= Math.clamp(value, 0, 255) << shift;
      }
      return result;
    }

    private static int halfGradient(int average, int topLeft) {
      int result = 0;
      for (int shift = 0; shift < 32; shift += 8) {
        int value = average >>> shift & 0xFF;
        result |= Math.clamp(value + (value - (topLeft >>> shift & 0xFF)) / 2, 0, 255) << shift;
      }
      return result;
    }
  }

  /**
   * Red and blue without what green, and for blue also red, tell of them.
   *
   * @param factors of each block: from red to blue, from green to blue, from green to red
   */
  record Color(int width, int bits, int[] factors) implements Transform {

    @Override
    public int[] undo(int[] pixels) {
      int blocks = ceilShift(width, bits);
      for (int at = 0, x = 0, y = 0; at < pixels.length; at++) {
        int factor = factors[(y >> bits) * blocks + (x >> bits)];
        int pixel = pixels[at];
        int green = pixel >> 8;
        int red = (pixel >> 16) + delta(factor, green);
        int blue = pixel + delta(factor >> 8, green) + delta(factor >> 16, red);
        pixels[at] = pixel & 0xFF00FF00 | (red & 0xFF) << 16 | blue & 0xFF;
        if (++x == width) {
          x = 0;
          y++;
        }
      }
      return pixels;
    }

    private static int delta(int factor, int channel) {
      return (byte) factor * (byte) channel >> 5;
    }
  }

  /** Red and blue less green. */
  record SubtractGreen() implements Transform {

    @Override
    public int[] undo(int[] pixels) {
      for (int at = 0; at < pixels.length; at++) {
        int green = pixels[at] >> 8 & 0xFF;
        pixels[at] = add(pixels[at], green << 16 | green);
      }
      return pixels;
    }
  }

  /**
   * Indices into a table of colours in the green channel, several in a pixel if they are small.
   *
   * @param width of the picture
   * @param bits so many indices stand in a pixel: 1 << bits
   */
  record Palette(int width, int height, int bits, int[] colors) implements Transform {

    @Override
    public int[] undo(int[] packed) {
      int[] pixels = bits == 0 ? packed : new int[width * height];
      int packedWidth = ceilShift(width, bits);
      int indexBits = 8 >> bits;
      for (int y = 0, at = 0; y < height; y++) {
        for (int x = 0; x < width; x++, at++) {
          int place = (x & (1 << bits) - 1) * indexBits;
          int index = packed[y * packedWidth + (x >> bits)] >> 8 + place & (1 << indexBits) - 1;
          pixels[at] = index < colors.length ? colors[index] : 0;
        }
      }
      return pixels;
    }
  }

  /** Adds channel by channel, without carry. */
  static int add(int a, int b) {
    return (a & 0xFF00FF00) + (b & 0xFF00FF00) & 0xFF00FF00 | (a & 0x00FF00FF) + (b & 0x00FF00FF) & 0x00FF00FF;
  }

  /** A size in blocks of 1 << bits. */
  static int ceilShift(int size, int bits) {
    return size + (1 << bits) - 1 >> bits;
  }
}
