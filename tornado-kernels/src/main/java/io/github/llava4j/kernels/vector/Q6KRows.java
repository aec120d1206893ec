package io.github.llava4j.kernels.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Q6_K: 256 six-bit numbers minus 32 in sixteen groups of 16, each with a signed byte as scale. */
final class Q6KRows implements RowKernel {

  static final RowKernel INSTANCE = new Q6KRows();

  private static final int BLOCK = 256;
  private static final int HALF = BLOCK / 2;
  private static final int GROUP = 16;
  private static final int BYTES = 210;
  private static final int UPPER = 128;
  private static final int SCALES = 192;
  private static final int SCALE = 208;

  private Q6KRows() {}

  @Override
  public void read(MemorySegment data, long at, float[] out, int outAt, int count) {
    for (int b = 0; b < count / BLOCK; b++) {
      long block = at + (long) b * BYTES;
      float scale = Lanes.half(data, block + SCALE);
      for (int g = 0; g < BLOCK / GROUP; g++) {
        float groupScale = scale * data.get(ValueLayout.JAVA_BYTE, block + SCALES + g);
        for (int i = 0; i < GROUP; i += Lanes.N) {
          values(data, block, g * GROUP + i).mul(groupScale).intoArray(out, outAt + b * BLOCK + g * GROUP + i);
        }
      }
    }
  }

  @Override
  public float dot(MemorySegment data, long at, int columns, float[] x, float[] sums) {
    FloatVector products = Lanes.zero();
    for (int b = 0; b < columns / BLOCK; b++) {
      products = add(data, at + (long) b * BYTES, x, b * BLOCK, products);
    }
    return products.reduceLanes(VectorOperators.ADD);
  }

  /** {@code sum} plus the products of one block. */
  private static FloatVector add(MemorySegment data, long at, float[] x, int xAt, FloatVector sum) {
    FloatVector products = Lanes.zero();
    for (int g = 0; g < BLOCK / GROUP; g++) {
      FloatVector group = Lanes.zero();
      for (int i = 0; i < GROUP; i += Lanes.N) {
        group = values(data, at, g * GROUP + i).fma(Lanes.load(x, xAt + g * GROUP + i), group);
      }
      float scale = data.get(ValueLayout.JAVA_BYTE, at + SCALES + g);
      products = group.fma(FloatVector.broadcast(Lanes.F, scale), products);
    }
    return products.fma(FloatVector.broadcast(Lanes.F, Lanes.half(data, at + SCALE)), sum);
  }

  /**
   * The numbers from {@code i} on. Each half of a block has four quarters of 32: the lower bits of quarters 0 and 1 are
   * the low nibbles of 64 bytes and those of 2 and 3 the high nibbles, the upper two bits of all four share 32 bytes.
   */
  private static FloatVector values(MemorySegment data, long at, int i) {
    int half = i / HALF;
    int quarter = i % HALF / 32;
    int within = i % 32;
    IntVector lower =
        Lanes.loadUnsigned(data, at + half * 64 + quarter % 2 * 32 + within)
            .lanewise(VectorOperators.LSHR, quarter / 2 * 4)
            .and(15);
    IntVector upper =
        Lanes.loadUnsigned(data, at + UPPER + half * 32 + within)
            .lanewise(VectorOperators.LSHR, 2 * quarter)
            .and(3)
            .lanewise(VectorOperators.LSHL, 4);
    return Lanes.toFloats(lower.or(upper).sub(32));
  }
}
