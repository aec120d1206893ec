package io.github.llava4j.kernels.vector;

import java.lang.foreign.MemorySegment;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Keys and values in half precision. */
final class F16KvRows implements KvRows {

  static final KvRows INSTANCE = new F16KvRows();

  private F16KvRows() {}

  @Override
  public float dot(float[] query, int queryAt, int headDim, MemorySegment keys, long at) {
    FloatVector even = Lanes.zero();
    FloatVector odd = Lanes.zero();
    int pairs = headDim - headDim % (2 * Lanes.N);
    for (int d = 0; d < pairs; d += 2 * Lanes.N) {
      even = Lanes.loadHalves(keys, at + 2L * d).fma(Lanes.load(query, queryAt + d), even);
      odd = Lanes.loadHalves(keys, at + 2L * (d + Lanes.N)).fma(Lanes.load(query, queryAt + d + Lanes.N), odd);
    }
    float sum = even.add(odd).reduceLanes(VectorOperators.ADD);
    for (int d = pairs; d < headDim; d++) {
      sum += Lanes.half(keys, at + 2L * d) * query[queryAt + d];
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
        long row = at + p * stride + 2L * d;
        a = Lanes.loadHalves(values, row).fma(weight, a);
        b = Lanes.loadHalves(values, row + 2L * Lanes.N).fma(weight, b);
      }
      a.intoArray(sums, to + d);
      b.intoArray(sums, to + d + Lanes.N);
    }
    for (int d = pairs; d < headDim; d++) {
      float sum = sums[to + d] * shrink;
      for (int p = 0; p < count; p++) {
        sum += weights[p] * Lanes.half(values, at + p * stride + 2L * d);
      }
      sums[to + d] = sum;
    }
  }

  @Override
  public void copy(MemorySegment block, long at, float[] to, int toAt, int count) {
    F16Rows.INSTANCE.read(block, at, to, toAt, count);
  }
}
