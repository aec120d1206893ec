package io.github.llava4j.image.vp8;

/** How a luma subblock of 4x4 samples is predicted, in the order of RFC 6386, section 11.2. */
enum SubblockMode {
  DC,
  TRUE_MOTION,
  VERTICAL,
  HORIZONTAL,
  LEFT_DOWN,
  RIGHT_DOWN,
  VERTICAL_RIGHT,
  VERTICAL_LEFT,
  HORIZONTAL_DOWN,
  HORIZONTAL_UP;

  static final int COUNT = values().length;

  private static final SubblockMode[] ALL = values();

  static SubblockMode of(int ordinal) {
    return ALL[ordinal];
  }
}
