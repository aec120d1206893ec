package io.github.llava4j.image.vp8;

import java.util.Arrays;

/**
 * The samples of one colour in whole macroblocks, with one more row above and one more column to the left: the samples
 * that prediction sees beyond the edges of the picture (RFC 6386, section 12).
 *
 * @param stride from a sample to the one below it
 * @param origin the index of the first sample of the picture
 */
record Plane(byte[] samples, int width, int height, int stride, int origin) {

  private static final byte ABOVE = 127;
  private static final byte LEFT = (byte) 129;

  static Plane of(int width, int height) {
    int stride = width + 1;
    byte[] samples = new byte[stride * (height + 1)];
    // The corner belongs to the row above.
    Arrays.fill(samples, 0, stride, ABOVE);
    for (int y = 1; y <= height; y++) {
      samples[y * stride] = LEFT;
    }
    return new Plane(samples, width, height, stride, stride + 1);
  }

  int index(int x, int y) {
    return origin + y * stride + x;
  }

  int get(int at) {
    return samples[at] & 0xFF;
  }

  /** Writes a value that is known to be a sample. */
  void set(int at, int value) {
    samples[at] = (byte) value;
  }

  /** Writes the nearest value that a sample can have. */
  void setClamped(int at, int value) {
    samples[at] = (byte) Math.clamp(value, 0, 255);
  }

  void add(int at, int residue) {
    setClamped(at, get(at) + residue);
  }
}
