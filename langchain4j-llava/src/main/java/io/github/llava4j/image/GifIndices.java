package io.github.llava4j.image;

import java.io.EOFException;
import java.io.IOException;

/**
 * GIF's variant of LZW (GIF89a, Appendix F): codes of growing length, least significant bit first, in blocks. What
 * follows the last pixel is not looked at.
 */
final class GifIndices {

  private static final int MOST_BITS = 12;
  private static final int TABLE = 1 << MOST_BITS;

  private final byte[] data;
  private final int indexBits;
  private final int clear;
  // Each code above the indices stands for the string of another code and one index after it.
  private final int[] prefix = new int[TABLE];
  private final byte[] last = new byte[TABLE];
  // A string from its end.
  private final byte[] string = new byte[TABLE + 1];

  private int at;
  private int blockEnd;
  private int bits;
  private int bitCount;

  GifIndices(byte[] data, int start, int indexBits) {
    this.data = data;
    this.at = start;
    this.blockEnd = start;
    this.indexBits = indexBits;
    this.clear = 1 << indexBits;
  }

  /** The indices of a frame, row by row from the top. */
  byte[] decode(int width, int height, boolean interlaced) throws IOException {
    byte[] indices = new byte[Math.multiplyExact(width, height)];
    Rows rows = new Rows(height, interlaced);
    int x = 0;
    int next = clear + 2;
    int codeBits = indexBits + 1;
    int previous = -1;
    byte first = 0;
    while (rows.row < height) {
      int code = code(codeBits);
      if (code == clear) {
        next = clear + 2;
        codeBits = indexBits + 1;
        previous = -1;
        continue;
      }
      if (code == clear + 1) {
        throw new EOFException("the image ends before its last pixel");
      }
      if (code > (previous < 0 ? clear : next)) {
        throw new IOException("the image has a code that stands for nothing");
      }
      int length = 0;
      int part = code;
      if (code == next && previous >= 0) {
        // The string before this one, and its first index again.
        string[length++] = first;
        part = previous;
      }
      for (; part >= clear; part = prefix[part]) {
        if (part >= TABLE || length == TABLE) {
          throw new IOException("the image has a code that stands for nothing");
        }
        string[length++] = last[part];
      }
      first = (byte) part;
      string[length++] = first;
      if (previous >= 0 && next < TABLE) {
        prefix[next] = previous;
        last[next] = first;
        if (next == (1 << codeBits) - 1 && codeBits < MOST_BITS) {
          codeBits++;
        }
        next++;
      }
      previous = code;
      while (length > 0 && rows.row < height) {
        indices[rows.row * width + x++] = string[--length];
        if (x == width) {
          x = 0;
          rows.advance();
        }
      }
    }
    return indices;
  }

  private int code(int length) throws EOFException {
    while (bitCount < length) {
      while (at == blockEnd) {
        if (at >= data.length || (data[at] & 0xFF) > data.length - at - 1) {
          throw new EOFException("the file ends before the last pixel");
        }
        blockEnd = at + 1 + (data[at] & 0xFF);
        at++;
      }
      bits |= (data[at++] & 0xFF) << bitCount;
      bitCount += 8;
    }
    int code = bits & (1 << length) - 1;
    bits >>>= length;
    bitCount -= length;
    return code;
  }

  /** The order in which rows come: from the top, or every eighth, then those between, in four passes. */
  private static final class Rows {

    private static final int[] FIRST = {0, 4, 2, 1};
    private static final int[] STEP = {8, 8, 4, 2};

    private final int height;
    private int pass;
    private final boolean interlaced;
    private int row;

    Rows(int height, boolean interlaced) {
      this.height = height;
      this.interlaced = interlaced;
    }

    /** Goes to the next row; to one beyond the height behind the last. */
    void advance() {
      row += interlaced ? STEP[pass] : 1;
      while (interlaced && row >= height && pass < FIRST.length - 1) {
        pass++;
        row = FIRST[pass];
      }
    }
  }
}
