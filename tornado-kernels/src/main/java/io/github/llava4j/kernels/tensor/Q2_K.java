package io.github.llava4j.kernels.tensor;

import java.lang.foreign.MemorySegment;

/**
 * 256 values of 2 bits in 16 groups, each with a 4-bit scale and a 4-bit minimum: {@code byte scales[16], q[64]; half
 * d, dmin; y = d * scale * q - dmin * min}.
 */
final class Q2_K extends BlockLayout {

  static final Q2_K INSTANCE = new Q2_K();

  private Q2_K() {
    super(DType.Q2_K);
  }

  @Override
  void readBlock(MemorySegment s, long at, float[] out, int o) {
    float d = half(s, at + 80);
    float dmin = half(s, at + 82);
    for (int group = 0; group < 16; group++) {
      int packed = u8(s, at + group);
      float scale = d * (packed & 15);
      float min = dmin * (packed >>> 4);
      for (int i = group * 16; i < group * 16 + 16; i++) {
        int q = u8(s, at + 16 + i / 128 * 32 + i % 32) >>> 2 * (i % 128 / 32) & 3;
        out[o + i] = scale * q - min;
      }
    }
  }
}
