package io.github.llava4j.image;

/**
 * What a file says about its picture before any pixel is decoded.
 *
 * @param width in pixels as stored, before the picture is turned
 * @param height likewise
 * @param sampleBytes bytes per pixel that the decoder holds beside the RGB pixels that it makes
 * @param orientation EXIF value 1 to 8; 1 is upright
 */
record Header(int width, int height, int sampleBytes, int orientation) {

  private static final int RGB_BYTES = 3;

  /** The same picture when its orientation does not count. */
  Header upright() {
    return new Header(width, height, sampleBytes, 1);
  }

  int shownWidth() {
    return turned() ? height : width;
  }

  int shownHeight() {
    return turned() ? width : height;
  }

  /** Most heap that decoding holds at a time, in bytes: samples and pixels, then pixels and turned pixels. */
  long decodingBytes() {
    return (long) width * height * (RGB_BYTES + Math.max(sampleBytes, orientation == 1 ? 0 : RGB_BYTES));
  }

  private boolean turned() {
    return orientation >= 5;
  }
}
