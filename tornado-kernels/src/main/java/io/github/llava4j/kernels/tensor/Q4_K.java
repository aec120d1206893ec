package io.github.llava4j.kernels.tensor;

import java.lang.foreign.MemorySegment;

/**
 * 256 values of 4 bits in 8 groups with 6-bit scales and minima: {@code half d, dmin; byte scales[12], q[128]; y = d *
 * scale * q - dmin * min}.
 */
final class Q4_K extends BlockLayout {

  static final Q4_K INSTANCE = new Q4_K();

  private Q4_K() {
    super(DType.Q4_K);
  }

  @Override
  void readBlock(MemorySegment s, long at, float[] out, int o) {
    float d = half(s, at);
    float dmin = half(s, at + 2);
    for (int group = 0; group < 8; group++) {
      float scale = d * KScales.scale(s, at + 4, group);
      float min = dmin * KScales.min(s, at + 4, group);
      for (int i = 0; i < 32; i++) {
        int q = u8(s, at + 16 + group / 2 * 32 + i) >>> 4 * (group % 2) & 15;
        out[o + group * 32 + i] = scale * q - min;
      }
    }
  }
}
