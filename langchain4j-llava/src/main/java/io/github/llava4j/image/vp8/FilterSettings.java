package io.github.llava4j.image.vp8;

import java.io.EOFException;

/**
 * What the frame says about the loop filter: RFC 6386, section 9.4.
 *
 * @param simple which of the two filters it is
 * @param level its strength: 0 to 63; 0 switches it off for the whole frame
 * @param sharpness 0 to 7
 * @param intraDelta added to the level of every macroblock, as a key frame is predicted from nothing but itself
 * @param subblockDelta added to it where the subblocks have modes of their own
 */
record FilterSettings(boolean simple, int level, int sharpness, int intraDelta, int subblockDelta) {

  private static final int MOST = 63;
  private static final int DELTAS = 4;

  static FilterSettings read(BoolDecoder in) throws EOFException {
    boolean simple = in.flag();
    int level = in.literal(6);
    int sharpness = in.literal(3);
    boolean adjusted = in.flag();
    boolean sent = adjusted && in.flag();
    return new FilterSettings(simple, level, sharpness, sent ? firstDelta(in) : 0, sent ? firstDelta(in) : 0);
  }

  /** The others are for macroblocks that a key frame does not have. */
  private static int firstDelta(BoolDecoder in) throws EOFException {
    int first = in.optionalSigned(6);
    for (int i = 1; i < DELTAS; i++) {
      in.optionalSigned(6);
    }
    return first;
  }

  /** The level of a macroblock. */
  int levelOf(Segmentation segmentation, int segment, boolean subblocks) {
    if (level == 0) {
      return 0;
    }
    int adjusted = segmentation.filterLevel(segment, level) + intraDelta + (subblocks ? subblockDelta : 0);
    return Math.clamp(adjusted, 0, MOST);
  }
}
