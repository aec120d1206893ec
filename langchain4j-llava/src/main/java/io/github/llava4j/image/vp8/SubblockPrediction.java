package io.github.llava4j.image.vp8;

/**
 * Prediction of luma subblocks of 4 x 4 samples: RFC 6386, section 12.3.
 *
 * <p>The samples around a subblock are taken as one line: from the lowest one on the left up to the corner, and from
 * there to the right, four samples beyond the subblock. Its diagonal modes continue what they find on this line.
 */
final class SubblockPrediction {

  private static final int SIDE = 4;
  private static final int CORNER = 4;
  private static final int ABOVE = 5;

  private final int[] line = new int[13];

  /**
   * Predicts a subblock.
   *
   * @param at its first sample
   * @param aboveRight what lies above and to the right of it
   */
  void predict(SubblockMode mode, Plane plane, int at, int[] aboveRight) {
    readLine(plane, at, aboveRight);
    switch (mode) {
      case DC -> BlockPrediction.fill(plane, at, SIDE, average());
      case TRUE_MOTION -> BlockPrediction.trueMotion(plane, at, SIDE);
      default -> {
        for (int y = 0; y < SIDE; y++) {
          for (int x = 0; x < SIDE; x++) {
            plane.set(at + y * plane.stride() + x, directed(mode, x, y));
          }
        }
      }
    }
  }

  private void readLine(Plane plane, int at, int[] aboveRight) {
    for (int i = 0; i < SIDE; i++) {
      line[CORNER - 1 - i] = plane.get(at + i * plane.stride() - 1);
      line[ABOVE + i] = plane.get(at - plane.stride() + i);
      line[ABOVE + SIDE + i] = aboveRight[i];
    }
    line[CORNER] = plane.get(at - plane.stride() - 1);
  }

  private int average() {
    int sum = SIDE;
    for (int i = 0; i < SIDE; i++) {
      sum += line[i] + line[ABOVE + i];
    }
    return sum / (2 * SIDE);
  }

  private int directed(SubblockMode mode, int x, int y) {
    return switch (mode) {
      case VERTICAL -> smooth(ABOVE + x);
      case HORIZONTAL -> smooth(CORNER - 1 - y);
      case LEFT_DOWN -> smooth(ABOVE + 1 + x + y);
      case RIGHT_DOWN -> smooth(CORNER + x - y);
      case VERTICAL_RIGHT -> verticalRight(x, y);
      case VERTICAL_LEFT -> verticalLeft(x, y);
      case HORIZONTAL_DOWN -> horizontalDown(x, y);
      case HORIZONTAL_UP -> horizontalUp(x + 2 * y);
      case DC, TRUE_MOTION -> throw new AssertionError("not a direction");
    };
  }

  /** Two rows down is one column to the right; what has no such origin goes down the left side. */
  private int verticalRight(int x, int y) {
    if (x < y / 2) {
      return smooth(CORNER + 1 - y);
    }
    int origin = CORNER + x - y / 2;
    return y % 2 == 0 ? between(origin) : smooth(origin);
  }

  /** Two rows down is one column to the left; the last two values do not follow the pattern. */
  private int verticalLeft(int x, int y) {
    if (x == SIDE - 1 && y >= 2) {
      return smooth(ABOVE + 3 + y);
    }
    int origin = ABOVE + x + y / 2;
    return y % 2 == 0 ? between(origin) : smooth(origin + 1);
  }

  /** Two columns to the right is one row down; what has no such origin goes along the row above. */
  private int horizontalDown(int x, int y) {
    if (y < x / 2) {
      return smooth(CORNER - 1 + x);
    }
    int origin = CORNER - 1 - y + x / 2;
    return x % 2 == 0 ? between(origin) : smooth(origin + 1);
  }

  /** Two columns to the right is one row up; beyond the lowest sample on the left there is only that one. */
  private int horizontalUp(int step) {
    int origin = CORNER - 1 - step / 2;
    if (origin <= 0) {
      return line[0];
    }
    return step % 2 == 0 ? between(origin - 1) : smooth(origin - 1);
  }

  /** The weighted average around a place of the line. Each end of it is its own neighbour. */
  private int smooth(int at) {
    int before = line[Math.max(at - 1, 0)];
    int after = line[Math.min(at + 1, line.length - 1)];
    return before + 2 * line[at] + after + 2 >> 2;
  }

  /** The average of a place of the line and the next one. */
  private int between(int at) {
    return line[at] + line[at + 1] + 1 >> 1;
  }
}
