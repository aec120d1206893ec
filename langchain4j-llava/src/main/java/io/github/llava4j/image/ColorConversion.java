package io.github.llava4j.image;

/** Pillow's conversions of one row of 8-bit samples to RGB (libImaging/Convert.c). */
final class ColorConversion {

  private ColorConversion() {}

  /** The first of every {@code step} samples, three times: never through a gray colour space, whose gamma differs. */
  static void gray(byte[] row, int step, byte[] rgb, int to) {
    for (int i = 0; i < row.length; i += step, to += 3) {
      rgb[to] = row[i];
      rgb[to + 1] = row[i];
      rgb[to + 2] = row[i];
    }
  }

  /** The first three of every {@code step} samples. */
  static void rgb(byte[] row, int step, byte[] rgb, int to) {
    for (int i = 0; i < row.length; i += step, to += 3) {
      rgb[to] = row[i];
      rgb[to + 1] = row[i + 1];
      rgb[to + 2] = row[i + 2];
    }
  }

  /** The first four of every {@code step} samples: cyan, magenta, yellow, black; 255 is full ink. */
  static void cmyk(byte[] row, int step, byte[] rgb, int to) {
    for (int i = 0; i < row.length; i += step, to += 3) {
      int white = 255 - (row[i + 3] & 0xFF);
      for (int c = 0; c < 3; c++) {
        rgb[to + c] = (byte) Math.max(0, white - muldiv255(row[i + c] & 0xFF, white));
      }
    }
  }

  /** As {@link #cmyk} of four samples, but 0 is full ink. */
  static void invertedCmyk(byte[] row, byte[] rgb, int to) {
    for (int i = 0; i < row.length; i++) {
      row[i] = (byte) ~row[i];
    }
    cmyk(row, 4, rgb, to);
  }

  private static int muldiv255(int a, int b) {
    int t = a * b + 128;
    return ((t >> 8) + t) >> 8;
  }
}
