package io.github.llava4j.kernels.tensor;

import java.lang.foreign.MemorySegment;

/** 32 values of 5 bits around 16: {@code half d; int high; byte q[16]; y = d * (q - 16)}. */
final class Q5_0 extends BlockLayout {

  static final Q5_0 INSTANCE = new Q5_0();

  private Q5_0() {
    super(DType.Q5_0);
  }

  @Override
  void readBlock(MemorySegment s, long at, float[] out, int o) {
    float d = half(s, at);
    int high = i32(s, at + 2);
    for (int i = 0; i < 32; i++) {
      int q = nibble(s, at + 6, i) | (high >>> i & 1) << 4;
      out[o + i] = (q - 16) * d;
    }
  }
}
