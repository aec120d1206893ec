package io.github.llava4j.kernels.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** What all formats with blocks share: the walk over the blocks and little-endian access to their fields. */
abstract class BlockLayout implements BlockFormat {

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final DType type;

  BlockLayout(DType type) {
    this.type = type;
  }

  /** Writes the values of the block at {@code at} to {@code out[o ..]}. */
  abstract void readBlock(MemorySegment s, long at, float[] out, int o);

  @Override
  public final DType type() {
    return type;
  }

  @Override
  public final void dequantize(MemorySegment source, long byteOffset, float[] out, int outOffset, int count) {
    if (count % type.blockLength() != 0) {
      throw new IllegalArgumentException(count + " values are no whole number of " + type + " blocks");
    }
    long at = byteOffset;
    for (int i = 0; i < count; i += type.blockLength()) {
      readBlock(source, at, out, outOffset + i);
      at += type.blockBytes();
    }
  }

  static float half(MemorySegment s, long at) {
    return Float.float16ToFloat(s.get(SHORT, at));
  }

  static void putHalf(MemorySegment s, long at, float value) {
    s.set(SHORT, at, Float.floatToFloat16(value));
  }

  static int u8(MemorySegment s, long at) {
    return s.get(ValueLayout.JAVA_BYTE, at) & 0xff;
  }

  static int i8(MemorySegment s, long at) {
    return s.get(ValueLayout.JAVA_BYTE, at);
  }

  static int i32(MemorySegment s, long at) {
    return s.get(INT, at);
  }

  /** The 4-bit value {@code i} of 16 bytes that hold values 0 to 15 in their low and 16 to 31 in their high halves. */
  static int nibble(MemorySegment s, long at, int i) {
    return i < 16 ? u8(s, at + i) & 15 : u8(s, at + i - 16) >>> 4;
  }
}
