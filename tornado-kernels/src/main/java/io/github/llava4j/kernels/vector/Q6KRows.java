package io.github.llava4j.kernels.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q6_K: 256 six-bit numbers minus 32 in sixteen groups of 16, each with a signed byte as scale. Each half of a block has
 * four quarters of 32: the lower bits of quarters 0 and 1 are the low nibbles of 64 bytes and those of 2 and 3 the high
 * nibbles, the upper two bits of all four share 32 bytes.
 */
final class Q6KRows implements RowKernel {

  static final RowKernel INSTANCE = new Q6KRows();

  private static final int BLOCK = 256;
  private static final int HALF = BLOCK / 2;
  private static final int QUARTER = HALF / 4;
  private static final int GROUP = 16;
  private static final int BYTES = 210;
  private static final int UPPER = 128;
  private static final int SCALES = 192;
  private static final int SCALE = 208;
  private static final IntVector UPPER_BITS = IntVector.broadcast(Lanes.I, 0x30);
  private static final IntVector ZERO_POINT = IntVector.broadcast(Lanes.I, 32);

  private Q6KRows() {}

  @Override
  public void read(MemorySegment data, long at, float[] out, int outAt, int count) {
    for (int h = 0; h < count / HALF; h++) {
      long block = at + (long) (h / 2) * BYTES;
      float scale = Lanes.half(data, block + SCALE);
      long scales = block + SCALES + h % 2 * (HALF / GROUP);
      for (int i = 0; i < HALF / 2; i += Lanes.N) {
        IntVector lower = Lanes.loadUnsigned(data, block + h % 2 * (HALF / 2) + i);
        IntVector upper = upper(data, block, h, i);
        float low = scale * data.get(ValueLayout.JAVA_BYTE, scales + i / GROUP);
        float high = scale * data.get(ValueLayout.JAVA_BYTE, scales + HALF / 2 / GROUP + i / GROUP);
        low(lower, upper).mul(low).intoArray(out, outAt + h * HALF + i);
        high(lower, upper).mul(high).intoArray(out, outAt + h * HALF + HALF / 2 + i);
      }
    }
  }

  @Override
  public float dot(MemorySegment data, long at, int columns, float[] x, float[] sums) {
    FloatVector products = Lanes.zero();
    for (int h = 0; h < columns / HALF; h++) {
      long block = at + (long) (h / 2) * BYTES;
      float scale = Lanes.half(data, block + SCALE);
      long scales = block + SCALES + h % 2 * (HALF / GROUP);
      for (int i = 0; i < HALF / 2; i += Lanes.N) {
        IntVector lower = Lanes.loadUnsigned(data, block + h % 2 * (HALF / 2) + i);
        IntVector upper = upper(data, block, h, i);
        float low = scale * data.get(ValueLayout.JAVA_BYTE, scales + i / GROUP);
        float high = scale * data.get(ValueLayout.JAVA_BYTE, scales + HALF / 2 / GROUP + i / GROUP);
        products = low(lower, upper).mul(low).fma(Lanes.load(x, h * HALF + i), products);
        products = high(lower, upper).mul(high).fma(Lanes.load(x, h * HALF + HALF / 2 + i), products);
      }
    }
    return products.reduceLanes(VectorOperators.ADD);
  }

  /** Upper bits for the low nibbles from {@code i} on in bits 0 and 1, for the high nibbles in bits 4 and 5. */
  private static IntVector upper(MemorySegment data, long block, int h, int i) {
    return Lanes.loadUnsigned(data, block + UPPER + h % 2 * QUARTER + i % QUARTER)
        .lanewise(VectorOperators.LSHR, i / QUARTER * 2);
  }

  private static FloatVector low(IntVector lower, IntVector upper) {
    return Lanes.toFloats(
        lower.and(Lanes.NIBBLE).or(upper.lanewise(VectorOperators.LSHL, 4).and(UPPER_BITS)).sub(ZERO_POINT));
  }

  private static FloatVector high(IntVector lower, IntVector upper) {
    return Lanes.toFloats(
        lower.lanewise(VectorOperators.LSHR, 4).or(upper.and(UPPER_BITS)).sub(ZERO_POINT));
  }
}
