package io.github.llava4j.kernels.vector;

import java.lang.foreign.MemorySegment;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Rows of IEEE half precision. */
final class F16Rows implements RowKernel {

  static final RowKernel INSTANCE = new F16Rows();

  private F16Rows() {}

  @Override
  public void read(MemorySegment data, long at, float[] out, int outAt, int count) {
    int whole = Lanes.F.loopBound(count);
    for (int i = 0; i < whole; i += Lanes.N) {
      Lanes.loadHalves(data, at + 2L * i).intoArray(out, outAt + i);
    }
    for (int i = whole; i < count; i++) {
      out[outAt + i] = Lanes.half(data, at + 2L * i);
    }
  }

  @Override
  public float dot(MemorySegment data, long at, int columns, float[] x, float[] sums) {
    FloatVector products = Lanes.zero();
    int whole = Lanes.F.loopBound(columns);
    for (int i = 0; i < whole; i += Lanes.N) {
      products = Lanes.loadHalves(data, at + 2L * i).fma(Lanes.load(x, i), products);
    }
    float sum = products.reduceLanes(VectorOperators.ADD);
    for (int i = whole; i < columns; i++) {
      sum += Lanes.half(data, at + 2L * i) * x[i];
    }
    return sum;
  }
}
