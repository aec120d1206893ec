package io.github.llava4j.kernels.vector;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

import io.github.llava4j.kernels.cpu.KvStore;
import io.github.llava4j.kernels.cpu.Workers;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Attention of single rows over a cache, as in decoding: bound by memory, so keys and values are used where they lie. An
 * item of work is one key-value head of one row or, if that makes too few items, a range of its positions; ranges are
 * joined at the end by their largest scores.
 */
final class RowAttention {

  /** Positions scored before their values are summed: one block of the cache, whose values are then still near. */
  private static final int STEP = KvStore.BLOCK;

  /** Fewer positions than this are not worth an item of their own. */
  private static final int MIN_RANGE = 4 * STEP;

  // The arrays of a worker's scratch.
  private static final int QUERY = 0;
  private static final int SCORES = 1;

  private final Workers workers;
  private final Scratch[] scratch;

  /** Per query head and range: the largest score, the sum of the weights, the weighted sum of the values. */
  private float[] partial = new float[0];

  RowAttention(Workers workers, Scratch[] scratch) {
    this.workers = workers;
    this.scratch = scratch;
  }

  void run(
      float[] query, int firstRow, int rows, int[] slots, int[] positions, KvStore cache, int layer, int heads,
      int window, float[] out) {
    if (rows == 0) {
      return;
    }
    int headDim = cache.headDim();
    int kvHeads = cache.kvHeads();
    int group = heads / kvHeads;
    int record = headDim + 2;
    int longest = 0;
    for (int r = 0; r < rows; r++) {
      int position = positions[firstRow + r];
      longest = Math.max(longest, position + 1 - begin(position, window));
    }
    int wanted = (4 * workers.size() + rows * kvHeads - 1) / (rows * kvHeads);
    int ranges = Math.clamp(longest / MIN_RANGE, 1, wanted);
    int size = Math.multiplyExact(rows * heads * ranges, record);
    if (partial.length < size) {
      partial = new float[size];
    }
    workers.forEach(rows * kvHeads * ranges, (worker, item) -> {
      int range = item % ranges;
      int kvHead = item / ranges % kvHeads;
      int row = item / ranges / kvHeads;
      int position = positions[firstRow + row];
      int begin = begin(position, window);
      int length = position + 1 - begin;
      int from = begin + (int) ((long) length * range / ranges);
      int to = begin + (int) ((long) length * (range + 1) / ranges);
      Scratch mine = scratch[worker];
      float[] scaled = mine.floats(QUERY, group * headDim);
      float scale = (float) (1 / Math.sqrt(headDim));
      int first = ((firstRow + row) * heads + kvHead * group) * headDim;
      for (int i = 0; i < group * headDim; i++) {
        scaled[i] = query[first + i] * scale;
      }
      for (int g = 0; g < group; g++) {
        clear(((row * heads + kvHead * group + g) * ranges + range) * record, headDim);
      }
      for (int p = from, end; p < to; p = end) {
        workers.check();
        end = Math.min(to, (p / STEP + 1) * STEP);
        MemorySegment keys = cache.keys(layer, slots[firstRow + row], p);
        MemorySegment values = cache.values(layer, slots[firstRow + row], p);
        long at = ((long) (p % STEP) * cache.width() + (long) kvHead * headDim) * Float.BYTES;
        for (int g = 0; g < group; g++) {
          int result = ((row * heads + kvHead * group + g) * ranges + range) * record;
          step(
              scaled, g * headDim, headDim, keys, values, at, cache.width() * (long) Float.BYTES, end - p,
              mine.floats(SCORES, STEP), partial, result);
        }
      }
    });
    for (int h = 0; h < rows * heads; h++) {
      join(h * ranges * record, ranges, headDim, out, (firstRow * heads + h) * headDim);
    }
  }

  private static int begin(int position, int window) {
    return window == 0 ? 0 : Math.max(0, position + 1 - window);
  }

  private void clear(int at, int headDim) {
    partial[at] = Float.NEGATIVE_INFINITY;
    Arrays.fill(partial, at + 1, at + 2 + headDim, 0);
  }

  /** Adds {@code count} positions to the partial result at {@code to}. */
  private static void step(
      float[] query, int queryAt, int headDim, MemorySegment keys, MemorySegment values, long at, long stride,
      int count, float[] scores, float[] partial, int to) {
    float max = partial[to];
    for (int p = 0; p < count; p++) {
      scores[p] = dot(query, queryAt, headDim, keys, at + p * stride);
      max = Math.max(max, scores[p]);
    }
    float shrink = (float) Math.exp(partial[to] - max);
    float sum = partial[to + 1] * shrink;
    for (int p = count; p < Lanes.I.loopBound(count + Lanes.N - 1); p++) {
      scores[p] = Float.NEGATIVE_INFINITY;
    }
    FloatVector sums = Lanes.zero();
    for (int p = 0; p < count; p += Lanes.N) {
      FloatVector weights = VectorMath.exp(Lanes.load(scores, p).sub(max));
      weights.intoArray(scores, p);
      sums = sums.add(weights);
    }
    partial[to] = max;
    partial[to + 1] = sum + sums.reduceLanes(VectorOperators.ADD);
    addValues(scores, count, values, at, stride, shrink, partial, to + 2, headDim);
  }

  private static float dot(float[] query, int queryAt, int headDim, MemorySegment keys, long at) {
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

  /** sums = sums * shrink + weights * values, two vectors of columns at a time over all positions. */
  private static void addValues(
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

  /** Writes the result of one head from its {@code ranges} partial ones. */
  private void join(int at, int ranges, int headDim, float[] out, int to) {
    int record = headDim + 2;
    float max = Float.NEGATIVE_INFINITY;
    for (int r = 0; r < ranges; r++) {
      max = Math.max(max, partial[at + r * record]);
    }
    float total = 0;
    for (int r = 0; r < ranges; r++) {
      total += partial[at + r * record + 1] * (float) Math.exp(partial[at + r * record] - max);
    }
    Arrays.fill(out, to, to + headDim, 0);
    for (int r = 0; r < ranges; r++) {
      float factor = (float) Math.exp(partial[at + r * record] - max) / total;
      for (int d = 0; d < headDim; d++) {
        out[to + d] += partial[at + r * record + 2 + d] * factor;
      }
    }
  }
}
