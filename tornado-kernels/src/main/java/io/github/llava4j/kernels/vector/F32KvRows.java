package io.github.llava4j.kernels.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Keys and values in float32. */
final class F32KvRows implements KvRows {

  static final KvRows INSTANCE = new F32KvRows();

  private F32KvRows() {}

  @Override
  public float dot(float[] query, int queryAt, int headDim, MemorySegment keys, long at) {
    FloatVector even = Lanes.zero();
    FloatVector odd = Lanes.zero();
    int pairs = headDim - headDim % (2 * Lanes.N);
    for (int d = 0; d < pairs; d += 2 * Lanes.N) {
      even = Lanes.loadFloats(keys, at + 4L * d).fma(Lanes.load(query, queryAt + d), even);
      odd = Lanes.loadFloats(keys, at + 4L * (d + Lanes.N)).fma(Lanes.load(query, queryAt + d + Lanes.N), odd);
    }
    float sum = even.add(odd).reduceLanes(VectorOperators.ADD);
    for (int d = pairs; d < headDim; d++) {
      sum += keys.get(Lanes.FLOAT, at + 4L * d) * query[queryAt + d];
    }
    return sum;
  }

  @Override
  public void addValues(
      float[] weights, int count, MemorySegment values, long at, long stride, float shrink, float[] sums, int to,
      int headDim) {
    int pairs = headDim - headDim % (2 * Lanes.N);
    for (int d = 0; d < pairs; d += 2 * Lanes.N) {
      FloatVector a = Lanes.load(sums, to + d).mul(shrink);
      FloatVector b = Lanes.load(sums, to + d + Lanes.N).mul(shrink);
      for (int p = 0; p < count; p++) {
        FloatVector weight = FloatVector.broadcast(Lanes.F, weights[p]);
        long row = at + p * stride + 4L * d;
        a = Lanes.loadFloats(values, row).fma(weight, a);
        b = Lanes.loadFloats(values, row + 4L * Lanes.N).fma(weight, b);
      }
      a.intoArray(sums, to + d);
      b.intoArray(sums, to + d + Lanes.N);
    }
    for (int d = pairs; d < headDim; d++) {
      float sum = sums[to + d] * shrink;
      for (int p = 0; p < count; p++) {
        sum += weights[p] * values.get(Lanes.FLOAT, at + p * stride + 4L * d);
      }
      sums[to + d] = sum;
    }
  }

  @Override
  public void copy(MemorySegment block, long at, float[] to, int toAt, int count) {
    MemorySegment.copy(block, ValueLayout.JAVA_FLOAT, at, to, toAt, count);
  }
}
