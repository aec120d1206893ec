package io.github.llava4j.kernels.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import io.github.llava4j.kernels.tensor.DType;

/** The formats in which each value stands for itself. */
enum PlainFormat implements BlockFormat {
  F32(DType.F32) {
    @Override
    float read(MemorySegment source, long at) {
      return source.get(FLOAT, at);
    }
  },
  F16(DType.F16) {
    @Override
    float read(MemorySegment source, long at) {
      return Float.float16ToFloat(source.get(SHORT, at));
    }
  },
  BF16(DType.BF16) {
    @Override
    float read(MemorySegment source, long at) {
      return Float.intBitsToFloat(source.get(SHORT, at) << 16);
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
}
