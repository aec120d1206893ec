package io.github.llava4j.kernels.tensor;

import java.lang.foreign.MemorySegment;

/** 32 values of 4 bits that choose from a table of unequal steps: {@code half d; byte q[16]; y = d * LEVELS[q]}. */
final class IQ4_NL extends BlockLayout {

  static final IQ4_NL INSTANCE = new IQ4_NL();

  private static final int[] LEVELS = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

  private IQ4_NL() {
    super(DType.IQ4_NL);
  }

  @Override
  void readBlock(MemorySegment s, long at, float[] out, int o) {
    float d = half(s, at);
    for (int i = 0; i < 32; i++) {
      out[o + i] = d * LEVELS[nibble(s, at + 2, i)];
    }
  }
}
