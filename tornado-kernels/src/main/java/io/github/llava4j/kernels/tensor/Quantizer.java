package io.github.llava4j.kernels.tensor;

import java.lang.foreign.MemorySegment;

/** A format that can also be written. */
public interface Quantizer extends BlockFormat {

  /**
   * Writes {@code count} values, rounded as ggml's reference quantisers round them.
   *
   * @param count a multiple of the block length
   * @param byteOffset where the first block goes in {@code target}; any alignment
   */
  void quantize(float[] values, int offset, int count, MemorySegment target, long byteOffset);

  /**
   * The writer of {@code type}.
   *
   * @throws UnsupportedOperationException if that type can only be read
   */
  static Quantizer of(DType type) {
    if (BlockFormat.of(type) instanceof Quantizer quantizer) {
      return quantizer;
    }
    throw new UnsupportedOperationException(type + " can be read but not written");
  }
}
