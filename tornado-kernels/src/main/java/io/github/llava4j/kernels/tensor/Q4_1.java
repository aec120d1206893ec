package io.github.llava4j.kernels.tensor;

import java.lang.foreign.MemorySegment;

/** 32 values of 4 bits above a minimum: {@code half d, m; byte q[16]; y = d * q + m}. */
final class Q4_1 extends BlockLayout {

  static final Q4_1 INSTANCE = new Q4_1();

  private Q4_1() {
    super(DType.Q4_1);
  }

  @Override
  void readBlock(MemorySegment s, long at, float[] out, int o) {
    float d = half(s, at);
    float m = half(s, at + 2);
    for (int i = 0; i < 32; i++) {
      out[o + i] = nibble(s, at + 4, i) * d + m;
    }
  }
}
