package io.github.llava4j.kernels.quant;

import java.lang.foreign.MemorySegment;

import io.github.llava4j.kernels.tensor.DType;

/**
 * The reference meaning of a storage format: what float32 values its bytes stand for. One file per format; every CPU
 * backend can run a format as soon as it is here, faster paths are the backends' own affair.
 */
public interface BlockFormat {

  /** The type whose bytes this reads. */
  DType type();

  /**
   * Reads {@code count} values.
   *
   * @param source little-endian bytes, any alignment
   * @param byteOffset where the first block starts in {@code source}
   * @param count a multiple of the block length
   */
  void dequantize(MemorySegment source, long byteOffset, float[] out, int outOffset, int count);

  /** The format of {@code type}. */
  static BlockFormat of(DType type) {
    return switch (type) {
      case F32 -> PlainFormat.F32;
      case F16 -> PlainFormat.F16;
      case BF16 -> PlainFormat.BF16;
      default -> throw new UnsupportedOperationException("no format for " + type); // H4
    };
  }
}
