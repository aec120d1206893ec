package io.github.llava4j.kernels.tornado.kernel;

import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Reads matrices as they lie on the device: rows of {@code stride} words, float32 values in {@code floats} (F32) or
 * integers in {@code ints} that hold two (F16), four (Q8_0) or eight (Q4_0) values; the quantised formats keep the
 * scale of each 32 values in {@code floats}. A format is a constant of the compiled kernel, so its branches cost
 * nothing.
 */
public final class Packed {

  public static final int F32 = 0;
  public static final int F16 = 1;
  /** The bytes are stored with 128 added, because an unsigned byte minus 128 is what TornadoVM miscompiles as int. */
  public static final int Q8_0 = 2;
  public static final int Q4_0 = 3;

  private Packed() {}

  /**
   * The value of a half-precision number, all finite ones exactly; TornadoVM has no reinterpreting cast.
   *
   * @param half its 16 bits, not negative
   */
  public static float half(int half) {
    int exponent = (half >> 10) & 31;
    int normal = ((exponent + 31) >> 5) & 1;
    float magnitude =
        (float) ((half & 1023) + (normal << 10)) * (float) (1 << (exponent + 1 - normal)) * 2.9802322E-8f;
    return magnitude * (1f - (float) ((half >> 14) & 2));
  }

  /** The value at {@code column} of row {@code row}. */
  public static float value(int format, FloatArray floats, IntArray ints, int row, int stride, int column) {
    float value;
    if (format == F32) {
      value = floats.get(row * stride + column);
    } else if (format == F16) {
      int word = ints.get(row * stride + column / 2);
      value = half((word >> (16 * (column & 1))) & 0xffff);
    } else if (format == Q8_0) {
      int word = ints.get(row * stride + column / 4);
      float quant = (float) ((word >> (8 * (column & 3))) & 255) - 128f;
      value = floats.get(row * (stride / 8) + column / 32) * quant;
    } else {
      // A block's values 0 to 15 are the low halves of its 16 bytes, 16 to 31 the high ones.
      int inBlock = column & 31;
      int word = ints.get(row * stride + column / 32 * 4 + (inBlock & 15) / 4);
      float quant = (float) ((word >> (8 * (inBlock & 3) + 4 * (inBlock / 16))) & 15) - 8f;
      value = floats.get(row * (stride / 4) + column / 32) * quant;
    }
    return value;
  }

  /** What word {@code word} of row {@code row} adds to a dot product with {@code x}, which starts at {@code at}. */
  public static float dot(
      int format, FloatArray floats, IntArray ints, int row, int stride, int word, FloatArray x, int at) {
    float sum;
    if (format == F32) {
      sum = floats.get(row * stride + word) * x.get(at + word);
    } else if (format == F16) {
      int bits = ints.get(row * stride + word);
      int first = at + 2 * word;
      sum = half(bits & 0xffff) * x.get(first) + half((bits >> 16) & 0xffff) * x.get(first + 1);
    } else if (format == Q8_0) {
      int bits = ints.get(row * stride + word);
      int first = at + 4 * word;
      float quants = ((float) (bits & 255) - 128f) * x.get(first)
          + ((float) ((bits >> 8) & 255) - 128f) * x.get(first + 1)
          + ((float) ((bits >> 16) & 255) - 128f) * x.get(first + 2)
          + ((float) ((bits >> 24) & 255) - 128f) * x.get(first + 3);
      sum = floats.get(row * (stride / 8) + word / 8) * quants;
    } else {
      int bits = ints.get(row * stride + word);
      int first = at + word / 4 * 32 + (word & 3) * 4;
      float quants = ((float) (bits & 15) - 8f) * x.get(first)
          + ((float) ((bits >> 8) & 15) - 8f) * x.get(first + 1)
          + ((float) ((bits >> 16) & 15) - 8f) * x.get(first + 2)
          + ((float) ((bits >> 24) & 15) - 8f) * x.get(first + 3)
          + ((float) ((bits >> 4) & 15) - 8f) * x.get(first + 16)
          + ((float) ((bits >> 12) & 15) - 8f) * x.get(first + 17)
          + ((float) ((bits >> 20) & 15) - 8f) * x.get(first + 18)
          + ((float) ((bits >> 28) & 15) - 8f) * x.get(first + 19);
      sum = floats.get(row * (stride / 4) + word / 4) * quants;
    }
    return sum;
  }
}
