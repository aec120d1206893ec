package io.github.llava4j.kernels.vector;

import java.lang.foreign.MemorySegment;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Rows of float32. */
final class F32Rows implements RowKernel {

  static final RowKernel INSTANCE = new F32Rows();

  private F32Rows() {}

  @Override
  public void read(MemorySegment data, long at, float[] out, int outAt, int count) {
    int whole = Lanes.F.loopBound(count);
    for (int i = 0; i < whole; i += Lanes.N) {
      Lanes.loadFloats(data, at + 4L * i).intoArray(out, outAt + i);
    }
    for (int i = whole; i < count; i++) {
      out[outAt + i] = value(data, at + 4L * i);
    }
  }

  @Override
  public void dot(
      MemorySegment data, long a0, long a1, long a2, long a3, int columns, float[] x, float[] sums, float[] out) {
    FloatVector s0 = Lanes.zero();
    FloatVector s1 = Lanes.zero();
    FloatVector s2 = Lanes.zero();
    FloatVector s3 = Lanes.zero();
    int whole = Lanes.F.loopBound(columns);
    for (int i = 0; i < whole; i += Lanes.N) {
      FloatVector v = Lanes.load(x, i);
      s0 = Lanes.loadFloats(data, a0 + 4L * i).fma(v, s0);
      s1 = Lanes.loadFloats(data, a1 + 4L * i).fma(v, s1);
      s2 = Lanes.loadFloats(data, a2 + 4L * i).fma(v, s2);
      s3 = Lanes.loadFloats(data, a3 + 4L * i).fma(v, s3);
    }
    out[0] = s0.reduceLanes(VectorOperators.ADD);
    out[1] = s1.reduceLanes(VectorOperators.ADD);
    out[2] = s2.reduceLanes(VectorOperators.ADD);
    out[3] = s3.reduceLanes(VectorOperators.ADD);
    for (int i = whole; i < columns; i++) {
      out[0] += value(data, a0 + 4L * i) * x[i];
      out[1] += value(data, a1 + 4L * i) * x[i];
      out[2] += value(data, a2 + 4L * i) * x[i];
      out[3] += value(data, a3 + 4L * i) * x[i];
    }
  }

  private static float value(MemorySegment data, long at) {
    return data.get(Lanes.FLOAT, at);
  }
}
