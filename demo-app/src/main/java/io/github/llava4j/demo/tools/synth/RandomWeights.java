package io.github.llava4j.demo.tools.synth;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

import io.github.llava4j.kernels.tensor.DType;

/**
 * Random weights, made directly in their stored form: uniform, around a mean, with a given standard deviation.
 *
 * @param type F32, F16, Q8_0 or Q4_0; the blocked ones with mean 0 only
 */
record RandomWeights(DType type, double mean, double deviation) {

  /** Standard deviation of a uniform value between -1 and 1. */
  private static final double UNIFORM = 1 / Math.sqrt(3);
  /** Of a byte between -128 and 127, and of a nibble between -8 and 7. */
  private static final double BYTE = 256 / Math.sqrt(12);
  private static final double NIBBLE = 16 / Math.sqrt(12);

  /** Fills {@code target}, a whole number of blocks in little-endian order. */
  void fill(ByteBuffer target, SplittableRandom random) {
    switch (type) {
      case F32 -> {
        while (target.hasRemaining()) {
          target.putFloat(plain(random));
        }
      }
      case F16 -> {
        while (target.hasRemaining()) {
          target.putShort(Float.floatToFloat16(plain(random)));
        }
      }
      case Q8_0 -> blocks(target, random, deviation / BYTE);
      case Q4_0 -> blocks(target, random, deviation / NIBBLE);
      default -> throw new IllegalArgumentException("no random weights of type " + type);
    }
  }

  private float plain(SplittableRandom random) {
    return (float) (mean + (2 * random.nextDouble() - 1) * deviation / UNIFORM);
  }

  /** Both formats are a half, the scale, and then integers, whose bits may be anything. */
  private void blocks(ByteBuffer target, SplittableRandom random, double scale) {
    short up = Float.floatToFloat16((float) scale);
    short down = Float.floatToFloat16((float) -scale);
    int longs = (type.blockBytes() - Short.BYTES) / Long.BYTES;
    while (target.hasRemaining()) {
      // There is one more integer below zero than above: scales of both signs keep the mean where it belongs.
      long bits = random.nextLong();
      target.putShort(Long.bitCount(bits) % 2 == 0 ? up : down);
      target.putLong(bits);
      for (int i = 1; i < longs; i++) {
        target.putLong(random.nextLong());
      }
    }
  }
}
