package io.github.llava4j.kernels.vector;

import java.lang.foreign.MemorySegment;

import io.github.llava4j.kernels.tensor.BlockFormat;
import io.github.llava4j.kernels.tensor.DType;

/** How rows of one storage type are read: as float32 values, or multiplied at once without writing them down. */
interface RowKernel {

  /**
   * Reads {@code count} values as float32.
   *
   * @param count a whole number of blocks
   */
  void read(MemorySegment data, long at, float[] out, int outAt, int count);

  /**
   * The inner product of one row with the first {@code columns} values of {@code x}, if {@link #multiplies()}. One row and
   * not several at once: C2 stops inlining in larger bodies, and one stream per core is enough for the prefetchers.
   *
   * @param at where the row starts in {@code data}
   * @param sums the {@link BlockSums} of {@code x}
   */
  default float dot(MemorySegment data, long at, int columns, float[] x, float[] sums) {
    throw new UnsupportedOperationException();
  }

  /** Whether {@link #dot} is there; if not, rows are read first. */
  default boolean multiplies() {
    return true;
  }

  /** The kernel for {@code type}: a fast one where there is one, else the type's reference meaning. */
  static RowKernel of(DType type) {
    return switch (type) {
      case F32 -> F32Rows.INSTANCE;
      case F16 -> F16Rows.INSTANCE;
      case BF16 -> Bf16Rows.INSTANCE;
      case Q8_0 -> Lanes.BYTES ? Q8Rows.INSTANCE : reference(type);
      case Q4_0 -> Lanes.BYTES ? Q4Rows.INSTANCE : reference(type);
      case Q4_K -> Lanes.BYTES ? Q4KRows.INSTANCE : reference(type);
      case Q6_K -> Lanes.BYTES ? Q6KRows.INSTANCE : reference(type);
      default -> reference(type);
    };
  }

  private static RowKernel reference(DType type) {
    BlockFormat format = BlockFormat.of(type);
    return new RowKernel() {
      @Override
      public void read(MemorySegment data, long at, float[] out, int outAt, int count) {
        format.dequantize(data, at, out, outAt, count);
      }

      @Override
      public boolean multiplies() {
        return false;
      }
    };
  }
}
