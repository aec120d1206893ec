package io.github.llava4j.kernels.vector;

import java.lang.foreign.MemorySegment;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Q8_0: blocks of 32 signed bytes under one scale. */
final class Q8Rows implements RowKernel {

  static final RowKernel INSTANCE = new Q8Rows();

  private static final int BLOCK = 32;
  private static final int BYTES = 34;
  private static final int QUANTS = 2;

  private Q8Rows() {}

  @Override
  public void read(MemorySegment data, long at, float[] out, int outAt, int count) {
    for (int b = 0; b < count / BLOCK; b++) {
      long block = at + (long) b * BYTES;
      float scale = Lanes.half(data, block);
      for (int i = 0; i < BLOCK; i += Lanes.N) {
        Lanes.loadSigned(data, block + QUANTS + i).mul(scale).intoArray(out, outAt + b * BLOCK + i);
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
    FloatVector products = Lanes.loadSigned(data, at + QUANTS).mul(Lanes.load(x, xAt));
    for (int i = Lanes.N; i < BLOCK; i += Lanes.N) {
      products = Lanes.loadSigned(data, at + QUANTS + i).fma(Lanes.load(x, xAt + i), products);
    }
    return products.fma(FloatVector.broadcast(Lanes.F, Lanes.half(data, at)), sum);
  }
}
