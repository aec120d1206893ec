package io.github.llava4j.kernels.tensor;

import java.lang.foreign.MemorySegment;

/**
 * 256 values of 6 bits in 16 groups with 8-bit scales: {@code byte low[128], high[64], scales[16]; half d; y = d *
 * scale * (q - 32)}.
 */
final class Q6_K extends BlockLayout {

  static final Q6_K INSTANCE = new Q6_K();

  private Q6_K() {
    super(DType.Q6_K);
  }

  @Override
  void readBlock(MemorySegment s, long at, float[] out, int o) {
    float d = half(s, at + 208);
    for (int group = 0; group < 16; group++) {
      float scale = d * i8(s, at + 192 + group);
      for (int i = group * 16; i < group * 16 + 16; i++) {
        int half = i / 128;
        int part = i % 128 / 32;
        int low = u8(s, at + half * 64 + part % 2 * 32 + i % 32) >>> 4 * (part / 2) & 15;
        int high = u8(s, at + 128 + half * 32 + i % 32) >>> 2 * part & 3;
        out[o + i] = scale * ((low | high << 4) - 32);
      }
    }
  }
}
