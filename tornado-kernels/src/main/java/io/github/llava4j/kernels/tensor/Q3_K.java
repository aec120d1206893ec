package io.github.llava4j.kernels.tensor;

import java.lang.foreign.MemorySegment;

/**
 * 256 values of 3 bits in 16 groups with 6-bit scales: {@code byte high[32], q[64], scales[12]; half d; y = d * (scale
 * - 32) * (q - (high ? 0 : 4))}.
 */
final class Q3_K extends BlockLayout {

  static final Q3_K INSTANCE = new Q3_K();

  private Q3_K() {
    super(DType.Q3_K);
  }

  @Override
  void readBlock(MemorySegment s, long at, float[] out, int o) {
    float d = half(s, at + 108);
    for (int group = 0; group < 16; group++) {
      float scale = d * (scale(s, at + 96, group) - 32);
      for (int i = group * 16; i < group * 16 + 16; i++) {
        int low = u8(s, at + 32 + i / 128 * 32 + i % 32) >>> 2 * (i % 128 / 32) & 3;
        int high = u8(s, at + i % 32) >>> i / 32 & 1;
        out[o + i] = scale * (low - (high == 1 ? 0 : 4));
      }
    }
  }

  /** The low 4 bits of all scales come first, then the high 2 bits. */
  private static int scale(MemorySegment s, long at, int group) {
    int low = group < 8 ? u8(s, at + group) & 15 : u8(s, at + group - 8) >>> 4;
    int high = u8(s, at + 8 + group % 4) >>> 2 * (group / 4) & 3;
    return low | high << 4;
  }
}
