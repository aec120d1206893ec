package io.github.llava4j.kernels.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** 32 signed bytes times one scale: {@code half d; byte q[32]; y = d * q}. */
final class Q8_0 extends BlockLayout implements Quantizer {

  static final Q8_0 INSTANCE = new Q8_0();

  private Q8_0() {
    super(DType.Q8_0);
  }

  @Override
  void readBlock(MemorySegment s, long at, float[] out, int o) {
    float d = half(s, at);
    for (int i = 0; i < 32; i++) {
      out[o + i] = i8(s, at + 2 + i) * d;
    }
  }

  @Override
  public void quantize(float[] values, int offset, int count, MemorySegment target, long byteOffset) {
    for (int block = 0; block < count / 32; block++) {
      int from = offset + 32 * block;
      long at = byteOffset + (long) type().blockBytes() * block;
      float largest = 0;
      for (int i = 0; i < 32; i++) {
        largest = Math.max(largest, Math.abs(values[from + i]));
      }
      float d = largest / 127;
      // The inverse of the unrounded scale, as ggml has it: the stored half is not what the values are divided by.
      float inverse = d == 0 ? 0 : 1 / d;
      putHalf(target, at, d);
      for (int i = 0; i < 32; i++) {
        target.set(ValueLayout.JAVA_BYTE, at + 2 + i, (byte) roundHalfAway(values[from + i] * inverse));
      }
    }
  }

  /** C's roundf; in double, where adding a half is exact. */
  private static int roundHalfAway(float x) {
    return (int) Math.copySign(Math.floor(Math.abs((double) x) + 0.5), x);
  }
}
