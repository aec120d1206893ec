package io.github.llava4j.image.vp8l;

import java.io.EOFException;

/** Bits, least significant first. */
final class BitReader {

  private final byte[] data;
  private final int end;
  private int at;
  private long bits;
  private int count;

  BitReader(byte[] data, int start, int end) {
    this.data = data;
    this.at = start;
    this.end = end;
  }

  /** A number of so many bits, at most 32. */
  int read(int length) throws EOFException {
    int value = peek(length);
    skip(length);
    return value;
  }

  /** What {@link #read} would give; zeros behind the end. */
  int peek(int length) {
    while (count < length && at < end) {
      bits |= (data[at++] & 0xFFL) << count;
      count += 8;
    }
    return (int) (bits & (1L << length) - 1);
  }

  void skip(int length) throws EOFException {
    if (length > count) {
      peek(length);
    }
    if (length > count) {
      throw new EOFException("the picture ends before its last pixel");
    }
    bits >>>= length;
    count -= length;
  }
}
