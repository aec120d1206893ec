package io.github.llava4j.kernels.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** 32 values of 4 bits around 8: {@code half d; byte q[16]; y = d * (q - 8)}. */
final class Q4_0 extends BlockLayout implements Quantizer {

  static final Q4_0 INSTANCE = new Q4_0();

  private Q4_0() {
    super(DType.Q4_0);
  }

  @Override
  void readBlock(MemorySegment s, long at, float[] out, int o) {
    float d = half(s, at);
    for (int i = 0; i < 32; i++) {
      out[o + i] = (nibble(s, at + 2, i) - 8) * d;
    }
  }

  @Override
  public void quantize(float[] values, int offset, int count, MemorySegment target, long byteOffset) {
    for (int block = 0; block < count / 32; block++) {
      int from = offset + 32 * block;
      long at = byteOffset + (long) type().blockBytes() * block;
      // The value of the largest magnitude, with its sign, becomes -8: the range is not symmetric.
      float extreme = 0;
      for (int i = 0; i < 32; i++) {
        if (Math.abs(values[from + i]) > Math.abs(extreme)) {
          extreme = values[from + i];
        }
      }
      float d = extreme / -8;
      float inverse = d == 0 ? 0 : 1 / d;
      putHalf(target, at, d);
      for (int i = 0; i < 16; i++) {
        int low = Math.min(15, (int) (values[from + i] * inverse + 8.5f));
        int high = Math.min(15, (int) (values[from + 16 + i] * inverse + 8.5f));
        target.set(ValueLayout.JAVA_BYTE, at + 2 + i, (byte) (low | high << 4));
      }
    }
  }
}
