package io.github.llava4j.kernels.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** The formats in which each value stands for itself. */
enum PlainFormat implements Quantizer {
  F32(DType.F32) {
    @Override
    float read(MemorySegment source, long at) {
      return source.get(FLOAT, at);
    }

    @Override
    void write(MemorySegment target, long at, float value) {
      target.set(FLOAT, at, value);
    }
  },
  F16(DType.F16) {
    @Override
    float read(MemorySegment source, long at) {
      return Float.float16ToFloat(source.get(SHORT, at));
    }

    @Override
    void write(MemorySegment target, long at, float value) {
      target.set(SHORT, at, Float.floatToFloat16(value));
    }
  },
  BF16(DType.BF16) {
    @Override
    float read(MemorySegment source, long at) {
      return Float.intBitsToFloat(source.get(SHORT, at) << 16);
    }

    @Override
    void write(MemorySegment target, long at, float value) {
      int bits = Float.floatToRawIntBits(value);
      // To nearest, ties to even; a NaN must not be rounded up to infinity.
      int rounded = Float.isNaN(value) ? bits | 1 << 22 : bits + 0x7fff + (bits >>> 16 & 1);
      target.set(SHORT, at, (short) (rounded >>> 16));
    }
  };

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final DType type;

  PlainFormat(DType type) {
    this.type = type;
  }

  abstract float read(MemorySegment source, long at);

  abstract void write(MemorySegment target, long at, float value);

  @Override
  public DType type() {
    return type;
  }

  @Override
  public void dequantize(MemorySegment source, long byteOffset, float[] out, int outOffset, int count) {
    for (int i = 0; i < count; i++) {
      out[outOffset + i] = read(source, byteOffset + (long) i * type.blockBytes());
    }
  }

  @Override
  public void quantize(float[] values, int offset, int count, MemorySegment target, long byteOffset) {
    for (int i = 0; i < count; i++) {
      write(target, byteOffset + (long) i * type.blockBytes(), values[offset + i]);
    }
  }
}
