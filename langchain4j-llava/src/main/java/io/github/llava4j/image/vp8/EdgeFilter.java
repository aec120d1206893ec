package io.github.llava4j.image.vp8;

/**
 * The filters across one edge: RFC 6386, sections 15.2 and 15.3. Samples before the edge are p0, p1 and so on, counted
 * away from it, those after it q0, q1 and so on. A filter starts at the first q0, {@code across} leads to its q1 and
 * {@code along} to the next q0.
 *
 * @param edgeLimit the step at the edge up to which it is smoothed
 * @param interiorLimit the step between samples on one side up to which it is smoothed
 * @param varianceLimit the step beside the edge above which only the samples at the edge are changed
 */
record EdgeFilter(byte[] samples, int edgeLimit, int interiorLimit, int varianceLimit) {

  void simple(int start, int across, int along, int length) {
    for (int i = 0, at = start; i < length; i++, at += along) {
      if (isSmallStep(at, across)) {
        adjust(at, across, true);
      }
    }
  }

  /** The edge between two macroblocks. */
  void macroblock(int start, int across, int along, int length) {
    for (int i = 0, at = start; i < length; i++, at += along) {
      if (isSmooth(at, across)) {
        if (isVaried(at, across)) {
          adjust(at, across, true);
        } else {
          adjustSix(at, across);
        }
      }
    }
  }

  /** The edge between two subblocks of a macroblock. */
  void subblock(int start, int across, int along, int length) {
    for (int i = 0, at = start; i < length; i++, at += along) {
      if (isSmooth(at, across)) {
        boolean varied = isVaried(at, across);
        int change = adjust(at, across, varied);
        if (!varied) {
          shift(at, across, 1, change + 1 >> 1);
        }
      }
    }
  }

  private boolean isSmallStep(int at, int across) {
    return 2 * step(at - across, at) + step(at - 2 * across, at + across) / 2 <= edgeLimit;
  }

  private boolean isSmooth(int at, int across) {
    return isSmallStep(at, across)
        && step(at - 4 * across, at - 3 * across) <= interiorLimit
        && step(at - 3 * across, at - 2 * across) <= interiorLimit
        && step(at - 2 * across, at - across) <= interiorLimit
        && step(at + 3 * across, at + 2 * across) <= interiorLimit
        && step(at + 2 * across, at + across) <= interiorLimit
        && step(at + across, at) <= interiorLimit;
  }

  private boolean isVaried(int at, int across) {
    return step(at - 2 * across, at - across) > varianceLimit || step(at + across, at) > varianceLimit;
  }

  private int step(int one, int other) {
    return Math.abs((samples[one] & 0xFF) - (samples[other] & 0xFF));
  }

  /** Brings p0 and q0 closer together; returns by how much q0 fell. */
  private int adjust(int at, int across, boolean outerTaps) {
    int difference = difference(at, across, outerTaps);
    int fall = clamp(difference + 4) >> 3;
    int rise = clamp(difference + 3) >> 3;
    set(at, signed(at) - fall);
    set(at - across, signed(at - across) + rise);
    return fall;
  }

  /** Spreads the adjustment over three samples on either side. */
  private void adjustSix(int at, int across) {
    int difference = difference(at, across, true);
    shift(at, across, 0, 27 * difference + 63 >> 7);
    shift(at, across, 1, 18 * difference + 63 >> 7);
    shift(at, across, 2, 9 * difference + 63 >> 7);
  }

  /** Moves the samples at a distance from the edge towards each other. */
  private void shift(int at, int across, int distance, int change) {
    int after = at + distance * across;
    int before = at - (1 + distance) * across;
    set(after, signed(after) - change);
    set(before, signed(before) + change);
  }

  /** Three times the step at the edge, tempered by the samples beside it or not. */
  private int difference(int at, int across, boolean outerTaps) {
    int outer = outerTaps ? clamp(signed(at - 2 * across) - signed(at + across)) : 0;
    return clamp(outer + 3 * (signed(at) - signed(at - across)));
  }

  private int signed(int at) {
    return (samples[at] & 0xFF) - 128;
  }

  private void set(int at, int signed) {
    samples[at] = (byte) (clamp(signed) + 128);
  }

  private static int clamp(int value) {
    return Math.clamp(value, -128, 127);
  }
}
