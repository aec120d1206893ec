package io.github.llava4j.image.vp8;

import java.io.EOFException;
import java.io.IOException;

/**
 * The boolean entropy decoder of RFC 6386, section 7, over one partition.
 *
 * <p>Its window covers eight bits from the first one that is not used up. The decoder stops as soon as one of them
 * lies behind the partition, so that no bit that was never there can decide anything.
 */
final class BoolDecoder {

  private static final int WINDOW = 8;
  private static final int EVEN = 128;

  /** As many as an int without its sign can hold below the window, in whole bytes from any place. */
  private static final int MOST_SPARE = 22;

  private final byte[] data;
  private final int end;
  private int next;

  /** Width of the coding interval: 128 to 255 between two reads. */
  private int range = 255;

  /** What was read, less the left end of the interval: the window and, below it, some more bits. */
  private int value;

  /** How many bits follow the window; negative where bits are missing in it. */
  private int spare = -WINDOW;

  /**
   * A partition must not be empty: even one of which no bit is used has a first byte. And what is read must lie within
   * the interval, as it then always will.
   */
  BoolDecoder(byte[] data, int start, int end) throws IOException {
    if (start >= end) {
      throw new EOFException("a partition of the picture is missing");
    }
    if ((data[start] & 0xFF) >= range) {
      throw new IOException("a partition of the picture begins like nothing that can be coded");
    }
    this.data = data;
    this.next = start;
    this.end = end;
  }

  /** One bool that is false with a probability of p / 256. */
  boolean read(int p) throws EOFException {
    if (spare < 0) {
      refill();
    }
    int split = 1 + ((range - 1) * p >> 8);
    int threshold = split << spare;
    boolean bit = value >= threshold;
    if (bit) {
      value -= threshold;
      range -= split;
    } else {
      range = split;
    }
    int shift = Integer.numberOfLeadingZeros(range) - (Integer.SIZE - WINDOW);
    range <<= shift;
    spare -= shift;
    return bit;
  }

  /** A flag: either value is as likely as the other. */
  boolean flag() throws EOFException {
    return read(EVEN);
  }

  /** An unsigned number, the highest bit first. */
  int literal(int bits) throws EOFException {
    int number = 0;
    for (int i = 0; i < bits; i++) {
      number = number << 1 | (flag() ? 1 : 0);
    }
    return number;
  }

  /** A magnitude of that many bits and a sign behind it. */
  int signed(int bits) throws EOFException {
    int magnitude = literal(bits);
    return flag() ? -magnitude : magnitude;
  }

  /** A signed number if the flag before it is set, otherwise zero. */
  int optionalSigned(int bits) throws EOFException {
    return flag() ? signed(bits) : 0;
  }

  /**
   * A value coded by a tree (section 8.1), read from one of its nodes on.
   *
   * @param probabilities of the nodes, one for each pair of branches, from index {@code at} on
   */
  int tree(byte[] tree, int node, int[] probabilities, int at) throws EOFException {
    int branch = node;
    do {
      branch = tree[read(probabilities[at + (branch >> 1)]) ? branch + 1 : branch];
    } while (branch > 0);
    return -branch;
  }

  private void refill() throws EOFException {
    if (next == end) {
      throw new EOFException("the picture ends before its last macroblock");
    }
    do {
      value = value << Byte.SIZE | data[next++] & 0xFF;
      spare += Byte.SIZE;
    } while (spare + Byte.SIZE <= MOST_SPARE && next < end);
  }
}
