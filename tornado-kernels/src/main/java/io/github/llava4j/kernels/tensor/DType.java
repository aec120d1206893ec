package io.github.llava4j.kernels.tensor;

/** How the values of a {@link Tensor} are stored. Names and block sizes are those of ggml. */
public enum DType {
  F32(1, 4),
  F16(1, 2),
  BF16(1, 2),
  Q8_0(32, 34),
  Q4_0(32, 18),
  Q4_1(32, 20),
  Q5_0(32, 22),
  Q5_1(32, 24),
  IQ4_NL(32, 18),
  Q2_K(256, 84),
  Q3_K(256, 110),
  Q4_K(256, 144),
  Q5_K(256, 176),
  Q6_K(256, 210);

  private final int blockLength;
  private final int blockBytes;

  DType(int blockLength, int blockBytes) {
    this.blockLength = blockLength;
    this.blockBytes = blockBytes;
  }

  /** Values per block: 1 for the plain types. */
  public int blockLength() {
    return blockLength;
  }

  /** Bytes per block. */
  public int blockBytes() {
    return blockBytes;
  }

  /** Whether several values share a scale, so that single values have no address of their own. */
  public boolean isBlocked() {
    return blockLength > 1;
  }

  /**
   * Bytes that {@code count} values take.
   *
   * @throws IllegalArgumentException if {@code count} is no whole number of blocks
   * @throws ArithmeticException if the result does not fit a long
   */
  public long bytes(long count) {
    if (count < 0 || count % blockLength != 0) {
      throw new IllegalArgumentException(count + " values are no whole number of " + this + " blocks of " + blockLength);
    }
    return Math.multiplyExact(count / blockLength, (long) blockBytes);
  }
}
