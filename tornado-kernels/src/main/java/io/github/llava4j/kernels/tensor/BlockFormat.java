package io.github.llava4j.kernels.tensor;

import java.lang.foreign.MemorySegment;

/**
 * The reference meaning of a storage format: what float32 values its bytes stand for, computed with the same float32
 * operations in the same order as ggml's reference code, so that the values are equal bit by bit. One file per format;
 * every CPU backend can run a format as soon as it is here, faster paths are the backends' own affair.
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
      case Q8_0 -> Q8_0.INSTANCE;
      case Q4_0 -> Q4_0.INSTANCE;
      case Q4_1 -> Q4_1.INSTANCE;
      case Q5_0 -> Q5_0.INSTANCE;
      case Q5_1 -> Q5_1.INSTANCE;
      case IQ4_NL -> IQ4_NL.INSTANCE;
      case Q2_K -> Q2_K.INSTANCE;
      case Q3_K -> Q3_K.INSTANCE;
      case Q4_K -> Q4_K.INSTANCE;
      case Q5_K -> Q5_K.INSTANCE;
      case Q6_K -> Q6_K.INSTANCE;
    };
  }
}
