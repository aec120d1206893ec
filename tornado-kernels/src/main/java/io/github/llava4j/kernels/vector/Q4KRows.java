package io.github.llava4j.kernels.vector;

import java.lang.foreign.MemorySegment;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Q4_K: 256 four-bit numbers in eight groups of 32, each with a six-bit scale and a six-bit minimum. */
final class Q4KRows implements RowKernel {

  static final RowKernel INSTANCE = new Q4KRows();

  private static final int BLOCK = 256;
  private static final int GROUP = 32;
  private static final int GROUPS = BLOCK / GROUP;
  private static final int BYTES = 144;
  private static final int SCALES = 4;
  private static final int QUANTS = 16;

  private Q4KRows() {}

  @Override
  public void read(MemorySegment data, long at, float[] out, int outAt, int count) {
    for (int b = 0; b < count / BLOCK; b++) {
      long block = at + (long) b * BYTES;
      float scale = Lanes.half(data, block);
      float minimum = Lanes.half(data, block + 2);
      long scales = scales(data, block);
      long minima = minima(data, block);
      for (int g = 0; g < GROUPS; g += 2) {
        FloatVector lowScale = FloatVector.broadcast(Lanes.F, scale * six(scales, g));
        FloatVector highScale = FloatVector.broadcast(Lanes.F, scale * six(scales, g + 1));
        float lowMinimum = minimum * six(minima, g);
        float highMinimum = minimum * six(minima, g + 1);
        int to = outAt + b * BLOCK + g * GROUP;
        for (int i = 0; i < GROUP; i += Lanes.N) {
          IntVector pairs = Lanes.loadUnsigned(data, block + QUANTS + g * (GROUP / 2) + i);
          low(pairs).mul(lowScale).sub(lowMinimum).intoArray(out, to + i);
          high(pairs).mul(highScale).sub(highMinimum).intoArray(out, to + GROUP + i);
        }
      }
    }
  }

  @Override
  public float dot(MemorySegment data, long at, int columns, float[] x, float[] sums) {
    FloatVector products = Lanes.zero();
    float minima = 0;
    for (int b = 0; b < columns / BLOCK; b++) {
      long block = at + (long) b * BYTES;
      products = add(data, block, x, b * BLOCK, products);
      minima += minima(data, block, sums, b * GROUPS);
    }
    return products.reduceLanes(VectorOperators.ADD) - minima;
  }

  /** {@code sum} plus the products of one block, without its minima. */
  private static FloatVector add(MemorySegment data, long at, float[] x, int xAt, FloatVector sum) {
    float scale = Lanes.half(data, at);
    long scales = scales(data, at);
    for (int g = 0; g < GROUPS; g += 2) {
      long quants = at + QUANTS + g * (GROUP / 2);
      int from = xAt + g * GROUP;
      FloatVector lows = Lanes.zero();
      FloatVector highs = Lanes.zero();
      for (int i = 0; i < GROUP; i += Lanes.N) {
        IntVector pairs = Lanes.loadUnsigned(data, quants + i);
        lows = low(pairs).fma(Lanes.load(x, from + i), lows);
        highs = high(pairs).fma(Lanes.load(x, from + GROUP + i), highs);
      }
      sum = lows.fma(FloatVector.broadcast(Lanes.F, scale * six(scales, g)), sum);
      sum = highs.fma(FloatVector.broadcast(Lanes.F, scale * six(scales, g + 1)), sum);
    }
    return sum;
  }

  /** What the minima of one block take away: each times the sum of its group's activations. */
  private static float minima(MemorySegment data, long at, float[] sums, int sumsAt) {
    long minima = minima(data, at);
    float total = 0;
    for (int g = 0; g < GROUPS; g++) {
      total += six(minima, g) * sums[sumsAt + g];
    }
    return total * Lanes.half(data, at + 2);
  }

  private static FloatVector low(IntVector pairs) {
    return Lanes.toFloats(pairs.and(15));
  }

  private static FloatVector high(IntVector pairs) {
    return Lanes.toFloats(pairs.lanewise(VectorOperators.LSHR, 4));
  }

  /**
   * The scales of the groups, one in each byte. Of the twelve bytes, the first four hold the scales 0 to 3 and the next
   * four the minima 0 to 3, six bits each; the last four hold the lower four bits of scales and minima 4 to 7, whose upper
   * two bits are the spare ones of the first eight bytes.
   */
  private static long scales(MemorySegment data, long at) {
    long first = data.get(Lanes.LONG, at + SCALES);
    long last = data.get(Lanes.LONG, at + SCALES + 4) >>> 32;
    return first & 0x3f3f3f3fL | (last & 0x0f0f0f0fL | (first & 0xc0c0c0c0L) >>> 2) << 32;
  }

  /** Likewise the minima. */
  private static long minima(MemorySegment data, long at) {
    long first = data.get(Lanes.LONG, at + SCALES) >>> 32;
    long last = data.get(Lanes.LONG, at + SCALES + 4) >>> 32;
    return first & 0x3f3f3f3fL | (last >>> 4 & 0x0f0f0f0fL | (first & 0xc0c0c0c0L) >>> 2) << 32;
  }

  private static int six(long packed, int group) {
    return (int) (packed >>> 8 * group) & 63;
  }
}
