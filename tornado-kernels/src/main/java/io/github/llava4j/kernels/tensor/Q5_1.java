package io.github.llava4j.kernels.tensor;

import java.lang.foreign.MemorySegment;

/** 32 values of 5 bits above a minimum: {@code half d, m; int high; byte q[16]; y = d * q + m}. */
final class Q5_1 extends BlockLayout {

  static final Q5_1 INSTANCE = new Q5_1();

  private Q5_1() {
    super(DType.Q5_1);
  }

  @Override
  void readBlock(MemorySegment s, long at, float[] out, int o) {
    float d = half(s, at);
    float m = half(s, at + 2);
    int high = i32(s, at + 4);
    for (int i = 0; i < 32; i++) {
      int q = nibble(s, at + 8, i) | (high >>> i & 1) << 4;
      out[o + i] = q * d + m;
    }
  }
}
