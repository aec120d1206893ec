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
    for (int b = 0; b < columns / BLOCK; b++) {
      long block = at + (long) b * BYTES;
      float scale = Lanes.half(data, block);
      long scales = scales(data, block);
      for (int g = 0; g < GROUPS; g += 2) {
        FloatVector low = Lanes.zero();
        FloatVector high = Lanes.zero();
        for (int i = 0; i < GROUP; i += Lanes.N) {
          IntVector pairs = Lanes.loadUnsigned(data, block + QUANTS + g * (GROUP / 2) + i);
          low = low(pairs).fma(Lanes.load(x, b * BLOCK + g * GROUP + i), low);
          high = high(pairs).fma(Lanes.load(x, b * BLOCK + g * GROUP + GROUP + i), high);
        }
        products = low.fma(FloatVector.broadcast(Lanes.F, scale * six(scales, g)), products);
        products = high.fma(FloatVector.broadcast(Lanes.F, scale * six(scales, g + 1)), products);
      }
    }
    return products.reduceLanes(VectorOperators.ADD) - minima(data, at, columns, sums);
  }

  /** What a row's minima take away: each times the sum of its group's activations. */
  private static float minima(MemorySegment data, long at, int columns, float[] sums) {
    float total = 0;
    for (int b = 0; b < columns / BLOCK; b++) {
      long block = at + (long) b * BYTES;
      long minima = minima(data, block);
      float inBlock = 0;
      for (int g = 0; g < GROUPS; g++) {
        inBlock += six(minima, g) * sums[b * GROUPS + g];
      }
      total += inBlock * Lanes.half(data, block + 2);
    }
    return total;
  }

  private static FloatVector low(IntVector pairs) {
    return Lanes.toFloats(pairs.and(Lanes.NIBBLE));
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
