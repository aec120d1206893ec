package io.github.llava4j.kernels.vector;

import java.lang.foreign.MemorySegment;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Q4_0: blocks of 32 four-bit numbers minus 8 under one scale; low nibbles are the first 16. */
final class Q4Rows implements RowKernel {

  static final RowKernel INSTANCE = new Q4Rows();

  private static final int BLOCK = 32;
  private static final int HALF = BLOCK / 2;
  private static final int BYTES = 18;
  private static final int QUANTS = 2;
  private static final IntVector EIGHT = IntVector.broadcast(Lanes.I, 8);

  private Q4Rows() {}

  @Override
  public void read(MemorySegment data, long at, float[] out, int outAt, int count) {
    for (int b = 0; b < count / BLOCK; b++) {
      long block = at + (long) b * BYTES;
      float scale = Lanes.half(data, block);
      for (int i = 0; i < HALF; i += Lanes.N) {
        IntVector pairs = Lanes.loadUnsigned(data, block + QUANTS + i);
        low(pairs).mul(scale).intoArray(out, outAt + b * BLOCK + i);
        high(pairs).mul(scale).intoArray(out, outAt + b * BLOCK + HALF + i);
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
    for (int i = 0; i < HALF; i += Lanes.N) {
      IntVector pairs = Lanes.loadUnsigned(data, at + QUANTS + i);
      products = low(pairs).fma(Lanes.load(x, xAt + i), products);
      products = high(pairs).fma(Lanes.load(x, xAt + HALF + i), products);
    }
    return products.fma(FloatVector.broadcast(Lanes.F, Lanes.half(data, at)), sum);
  }

  private static FloatVector low(IntVector pairs) {
    return Lanes.toFloats(pairs.and(Lanes.NIBBLE).sub(EIGHT));
  }

  private static FloatVector high(IntVector pairs) {
    return Lanes.toFloats(pairs.lanewise(VectorOperators.LSHR, 4).sub(EIGHT));
  }
}
