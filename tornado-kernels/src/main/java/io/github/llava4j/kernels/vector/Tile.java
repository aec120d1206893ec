package io.github.llava4j.kernels.vector;

import jdk.incubator.vector.FloatVector;

/**
 * The innermost matrix products: a few rows times a panel two vectors wide, with all sums in registers.
 *
 * <p>Machines with 512-bit vectors have 32 registers: 8 rows take 16 for the sums, 2 for the panel and 1 for the
 * broadcast value, and 16 multiply-adds share 10 loads, so that the multiply-add units are the limit and not the loads
 * (95 % of the peak on Zen 4; 12 rows would fit too, but C2 then spills and halves the speed). Narrower machines have 16
 * registers: 4 rows take 8, 2 and 1, and 8 independent sums are just what hides the latency of two multiply-add units.
 *
 * <p>All is written out and calls no helpers: C2 stops inlining methods of ours in bodies of this size, and a vector that
 * is passed to a call is an object in memory. Sums start at zero and not at c: short sums lose less.
 */
final class Tile {

  /** Outputs of a panel. */
  static final int WIDTH = 2 * Lanes.N;

  /**
   * Values from one row of the left operand to the next, hence the most that one product sums over. A constant, so that
   * the rows' addresses are one register plus constants. 256 makes a panel of 32 KiB at most and a high tile of 8 KiB:
   * the tile stays in the first-level cache while the panels come from the second, and the sums go to memory seldom
   * enough.
   */
  static final int DEPTH = 256;

  /** Rows of the high tile. */
  static final int HIGH = 8;

  /** Rows of the low tile, which also does what remains after the high ones. */
  static final int LOW = 4;

  /** Rows of the tile that suits the machine. */
  static final int ROWS = Lanes.N >= 16 ? HIGH : LOW;

  private Tile() {}

  /** {@code rows} made a whole number of tiles. */
  static int padded(int rows) {
    int rest = rows % ROWS;
    return rows - rest + (rest + LOW - 1) / LOW * LOW;
  }

  /** The rows of the tile that starts where {@code remaining} padded rows are left: HIGH or LOW. */
  static int height(int remaining) {
    return remaining >= ROWS ? ROWS : LOW;
  }

  /**
   * c[r][n] += sum over k below {@code depth} of a[r][k] * b[k][n], for {@code height} rows and {@link #WIDTH} columns.
   *
   * @param a rows {@link #DEPTH} apart, from {@code ao}
   * @param b rows {@link #WIDTH} apart, from {@code bo}
   * @param c rows {@link #WIDTH} apart, from {@code co}
   */
  static void multiply(int height, float[] a, int ao, float[] b, int bo, int depth, float[] c, int co) {
    if (height == HIGH) {
      high(a, ao, b, bo, depth, c, co);
    } else {
      low(a, ao, b, bo, depth, c, co);
    }
  }

  private static void low(float[] a, int ao, float[] b, int bo, int depth, float[] c, int co) {
    FloatVector s0a = FloatVector.zero(Lanes.F);
    FloatVector s0b = s0a;
    FloatVector s1a = s0a;
    FloatVector s1b = s0a;
    FloatVector s2a = s0a;
    FloatVector s2b = s0a;
    FloatVector s3a = s0a;
    FloatVector s3b = s0a;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(Lanes.F, b, bo + k * WIDTH);
      FloatVector b1 = FloatVector.fromArray(Lanes.F, b, bo + k * WIDTH + Lanes.N);
      FloatVector v = FloatVector.broadcast(Lanes.F, a[ao + k]);
      s0a = v.fma(b0, s0a);
      s0b = v.fma(b1, s0b);
      v = FloatVector.broadcast(Lanes.F, a[ao + k + DEPTH]);
      s1a = v.fma(b0, s1a);
      s1b = v.fma(b1, s1b);
      v = FloatVector.broadcast(Lanes.F, a[ao + k + 2 * DEPTH]);
      s2a = v.fma(b0, s2a);
      s2b = v.fma(b1, s2b);
      v = FloatVector.broadcast(Lanes.F, a[ao + k + 3 * DEPTH]);
      s3a = v.fma(b0, s3a);
      s3b = v.fma(b1, s3b);
    }
    FloatVector.fromArray(Lanes.F, c, co).add(s0a).intoArray(c, co);
    FloatVector.fromArray(Lanes.F, c, co + Lanes.N).add(s0b).intoArray(c, co + Lanes.N);
    FloatVector.fromArray(Lanes.F, c, co + WIDTH).add(s1a).intoArray(c, co + WIDTH);
    FloatVector.fromArray(Lanes.F, c, co + WIDTH + Lanes.N).add(s1b).intoArray(c, co + WIDTH + Lanes.N);
    FloatVector.fromArray(Lanes.F, c, co + 2 * WIDTH).add(s2a).intoArray(c, co + 2 * WIDTH);
    FloatVector.fromArray(Lanes.F, c, co + 2 * WIDTH + Lanes.N).add(s2b).intoArray(c, co + 2 * WIDTH + Lanes.N);
    FloatVector.fromArray(Lanes.F, c, co + 3 * WIDTH).add(s3a).intoArray(c, co + 3 * WIDTH);
    FloatVector.fromArray(Lanes.F, c, co + 3 * WIDTH + Lanes.N).add(s3b).intoArray(c, co + 3 * WIDTH + Lanes.N);
  }

  private static void high(float[] a, int ao, float[] b, int bo, int depth, float[] c, int co) {
    FloatVector s0a = FloatVector.zero(Lanes.F);
    FloatVector s0b = s0a;
    FloatVector s1a = s0a;
    FloatVector s1b = s0a;
    FloatVector s2a = s0a;
    FloatVector s2b = s0a;
    FloatVector s3a = s0a;
    FloatVector s3b = s0a;
    FloatVector s4a = s0a;
    FloatVector s4b = s0a;
    FloatVector s5a = s0a;
    FloatVector s5b = s0a;
    FloatVector s6a = s0a;
    FloatVector s6b = s0a;
    FloatVector s7a = s0a;
    FloatVector s7b = s0a;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(Lanes.F, b, bo + k * WIDTH);
      FloatVector b1 = FloatVector.fromArray(Lanes.F, b, bo + k * WIDTH + Lanes.N);
      FloatVector v = FloatVector.broadcast(Lanes.F, a[ao + k]);
      s0a = v.fma(b0, s0a);
      s0b = v.fma(b1, s0b);
      v = FloatVector.broadcast(Lanes.F, a[ao + k + DEPTH]);
      s1a = v.fma(b0, s1a);
      s1b = v.fma(b1, s1b);
      v = FloatVector.broadcast(Lanes.F, a[ao + k + 2 * DEPTH]);
      s2a = v.fma(b0, s2a);
      s2b = v.fma(b1, s2b);
      v = FloatVector.broadcast(Lanes.F, a[ao + k + 3 * DEPTH]);
      s3a = v.fma(b0, s3a);
      s3b = v.fma(b1, s3b);
      v = FloatVector.broadcast(Lanes.F, a[ao + k + 4 * DEPTH]);
      s4a = v.fma(b0, s4a);
      s4b = v.fma(b1, s4b);
      v = FloatVector.broadcast(Lanes.F, a[ao + k + 5 * DEPTH]);
      s5a = v.fma(b0, s5a);
      s5b = v.fma(b1, s5b);
      v = FloatVector.broadcast(Lanes.F, a[ao + k + 6 * DEPTH]);
      s6a = v.fma(b0, s6a);
      s6b = v.fma(b1, s6b);
      v = FloatVector.broadcast(Lanes.F, a[ao + k + 7 * DEPTH]);
      s7a = v.fma(b0, s7a);
      s7b = v.fma(b1, s7b);
    }
    FloatVector.fromArray(Lanes.F, c, co).add(s0a).intoArray(c, co);
    FloatVector.fromArray(Lanes.F, c, co + Lanes.N).add(s0b).intoArray(c, co + Lanes.N);
    FloatVector.fromArray(Lanes.F, c, co + WIDTH).add(s1a).intoArray(c, co + WIDTH);
    FloatVector.fromArray(Lanes.F, c, co + WIDTH + Lanes.N).add(s1b).intoArray(c, co + WIDTH + Lanes.N);
    FloatVector.fromArray(Lanes.F, c, co + 2 * WIDTH).add(s2a).intoArray(c, co + 2 * WIDTH);
    FloatVector.fromArray(Lanes.F, c, co + 2 * WIDTH + Lanes.N).add(s2b).intoArray(c, co + 2 * WIDTH + Lanes.N);
    FloatVector.fromArray(Lanes.F, c, co + 3 * WIDTH).add(s3a).intoArray(c, co + 3 * WIDTH);
    FloatVector.fromArray(Lanes.F, c, co + 3 * WIDTH + Lanes.N).add(s3b).intoArray(c, co + 3 * WIDTH + Lanes.N);
    FloatVector.fromArray(Lanes.F, c, co + 4 * WIDTH).add(s4a).intoArray(c, co + 4 * WIDTH);
    FloatVector.fromArray(Lanes.F, c, co + 4 * WIDTH + Lanes.N).add(s4b).intoArray(c, co + 4 * WIDTH + Lanes.N);
    FloatVector.fromArray(Lanes.F, c, co + 5 * WIDTH).add(s5a).intoArray(c, co + 5 * WIDTH);
    FloatVector.fromArray(Lanes.F, c, co + 5 * WIDTH + Lanes.N).add(s5b).intoArray(c, co + 5 * WIDTH + Lanes.N);
    FloatVector.fromArray(Lanes.F, c, co + 6 * WIDTH).add(s6a).intoArray(c, co + 6 * WIDTH);
    FloatVector.fromArray(Lanes.F, c, co + 6 * WIDTH + Lanes.N).add(s6b).intoArray(c, co + 6 * WIDTH + Lanes.N);
    FloatVector.fromArray(Lanes.F, c, co + 7 * WIDTH).add(s7a).intoArray(c, co + 7 * WIDTH);
    FloatVector.fromArray(Lanes.F, c, co + 7 * WIDTH + Lanes.N).add(s7b).intoArray(c, co + 7 * WIDTH + Lanes.N);
  }
}
