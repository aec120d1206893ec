package io.github.llava4j.image.vp8;

/**
 * From coefficients to residues: RFC 6386, section 14. What is beyond 16 bits is lost; no sensible encoder writes such
 * coefficients.
 */
final class InverseTransform {

  private static final int SIDE = 4;

  /** sqrt(2) * cos(pi / 8) - 1 and sqrt(2) * sin(pi / 8), in 1 / 65536. */
  private static final int COSINE = 20091;
  private static final int SINE = 35468;

  /** The block after its vertical pass. */
  private final short[] half = new short[Macroblock.BLOCK_COEFFICIENTS];

  /** The block of DC coefficients, which stay wider until they are distributed. */
  private final int[] second = new int[Macroblock.BLOCK_COEFFICIENTS];

  /** Turns the second block of a macroblock into the DC coefficients of its luma blocks (section 14.3). */
  void distributeDc(short[] coefficients) {
    int from = Macroblock.SECOND_BLOCK * Macroblock.BLOCK_COEFFICIENTS;
    for (int i = 0; i < second.length; i++) {
      second[i] = coefficients[from + i];
    }
    for (int x = 0; x < SIDE; x++) {
      butterfly(x, SIDE);
    }
    for (int y = 0; y < SIDE; y++) {
      butterfly(y * SIDE, 1);
    }
    for (int i = 0; i < second.length; i++) {
      coefficients[i * Macroblock.BLOCK_COEFFICIENTS] = (short) (second[i] + 3 >> 3);
    }
  }

  private void butterfly(int from, int step) {
    int c0 = second[from];
    int c1 = second[from + step];
    int c2 = second[from + 2 * step];
    int c3 = second[from + 3 * step];
    second[from] = c0 + c3 + c1 + c2;
    second[from + step] = c0 - c3 + c1 - c2;
    second[from + 2 * step] = c0 + c3 - c1 - c2;
    second[from + 3 * step] = c0 - c3 - c1 + c2;
  }

  /** Adds the residue of a block (section 14.4) to the samples that were predicted for it. */
  void add(short[] coefficients, int block, Plane plane, int at) {
    int from = block * Macroblock.BLOCK_COEFFICIENTS;
    for (int x = 0; x < SIDE; x++) {
      int c0 = coefficients[from + x];
      int c1 = coefficients[from + SIDE + x];
      int c2 = coefficients[from + 2 * SIDE + x];
      int c3 = coefficients[from + 3 * SIDE + x];
      int odd = scaled(c1, SINE) - c3 - scaled(c3, COSINE);
      int even = c1 + scaled(c1, COSINE) + scaled(c3, SINE);
      half[x] = (short) (c0 + c2 + even);
      half[SIDE + x] = (short) (c0 - c2 + odd);
      half[2 * SIDE + x] = (short) (c0 - c2 - odd);
      half[3 * SIDE + x] = (short) (c0 + c2 - even);
    }
    for (int y = 0; y < SIDE; y++) {
      int row = at + y * plane.stride();
      int c0 = half[y * SIDE] + 4;
      int c1 = half[y * SIDE + 1];
      int c2 = half[y * SIDE + 2];
      int c3 = half[y * SIDE + 3];
      int odd = scaled(c1, SINE) - c3 - scaled(c3, COSINE);
      int even = c1 + scaled(c1, COSINE) + scaled(c3, SINE);
      plane.add(row, (short) (c0 + c2 + even) >> 3);
      plane.add(row + 1, (short) (c0 - c2 + odd) >> 3);
      plane.add(row + 2, (short) (c0 - c2 - odd) >> 3);
      plane.add(row + 3, (short) (c0 + c2 - even) >> 3);
    }
  }

  /** The same for a block that has no coefficient but its DC. */
  static void addDc(int dc, Plane plane, int at) {
    int residue = dc + 4 >> 3;
    for (int y = 0; residue != 0 && y < SIDE; y++) {
      int row = at + y * plane.stride();
      for (int x = 0; x < SIDE; x++) {
        plane.add(row + x, residue);
      }
    }
  }

  private static int scaled(int value, int factor) {
    return value * factor >> 16;
  }
}
