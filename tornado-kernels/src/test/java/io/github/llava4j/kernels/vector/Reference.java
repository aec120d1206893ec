package io.github.llava4j.kernels.vector;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

import io.github.llava4j.kernels.Op;
import io.github.llava4j.kernels.tensor.DType;
import io.github.llava4j.kernels.tensor.Tensor;

/** What the kernels are compared with: straightforward double arithmetic, and weights made of random bytes. */
final class Reference {

  private Reference() {}

  /** A weight of random values and, logically row-major, the values that its bytes stand for. */
  record Weight(Tensor tensor, float[] values) {}

  /**
   * @param arena where the bytes lie, at an odd address
   */
  static Weight weight(DType type, int rows, int columns, Tensor.Layout layout, Random random, Arena arena) {
    long bytes = type.bytes((long) rows * columns);
    MemorySegment data = arena.allocate(bytes + 1).asSlice(1);
    float[] stored = new float[rows * columns];
    for (int i = 0; i < stored.length / type.blockLength(); i++) {
      Block block = new Block(type, data.asSlice((long) i * type.blockBytes(), type.blockBytes()));
      block.fill(random);
      for (int j = 0; j < type.blockLength(); j++) {
        stored[i * type.blockLength() + j] = (float) block.value(j);
      }
    }
    float[] values = stored;
    if (layout == Tensor.Layout.TRANSPOSED) {
      values = new float[stored.length];
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
          values[r * columns + c] = stored[c * rows + r];
        }
      }
    }
    return new Weight(new Tensor(type + "", type, new int[] {rows, columns}, layout, data), values);
  }

  /** One block of a format, in the words of the specification. */
  record Block(DType type, MemorySegment data) {

    void fill(Random random) {
      byte[] bytes = new byte[(int) data.byteSize()];
      random.nextBytes(bytes);
      MemorySegment.copy(bytes, 0, data, ValueLayout.JAVA_BYTE, 0, bytes.length);
      float value = (float) random.nextGaussian();
      switch (type) {
        case F32 -> data.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 0, value);
        case F16 -> data.set(ValueLayout.JAVA_SHORT_UNALIGNED, 0, Float.floatToFloat16(value));
        case BF16 -> data.set(ValueLayout.JAVA_SHORT_UNALIGNED, 0, (short) (Float.floatToRawIntBits(value) >> 16));
        case Q8_0 -> half(0, value / 64);
        case Q4_0, Q5_0 -> half(0, value / 4);
        case Q4_K -> {
          half(0, value / 256);
          half(2, value / 64);
        }
        case Q6_K -> half(208, value / 1024);
        default -> throw new UnsupportedOperationException("no random " + type);
      }
    }

    private void half(long at, float value) {
      data.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, Float.floatToFloat16(value));
    }

    double value(int i) {
      return switch (type) {
        case F32 -> data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0);
        case F16 -> half(0);
        case BF16 -> Float.intBitsToFloat(data.get(ValueLayout.JAVA_SHORT_UNALIGNED, 0) << 16);
        case Q8_0 -> half(0) * data.get(ValueLayout.JAVA_BYTE, 2 + i);
        case Q4_0 -> half(0) * ((i < 16 ? unsigned(2 + i) & 15 : unsigned(2 + i - 16) >> 4) - 8);
        case Q5_0 -> {
          int low = i < 16 ? unsigned(6 + i) & 15 : unsigned(6 + i - 16) >> 4;
          yield half(0) * ((low | (unsigned(2 + i / 8) >> i % 8 & 1) << 4) - 16);
        }
        case Q4_K -> {
          int group = i / 32;
          int scale = group < 4
              ? unsigned(4 + group) & 63
              : unsigned(4 + group + 4) & 15 | unsigned(4 + group - 4) >> 6 << 4;
          int minimum = group < 4
              ? unsigned(4 + group + 4) & 63
              : unsigned(4 + group + 4) >> 4 | unsigned(4 + group) >> 6 << 4;
          int pair = unsigned(16 + group / 2 * 32 + i % 32);
          yield half(0) * scale * (group % 2 == 0 ? pair & 15 : pair >> 4) - half(2) * minimum;
        }
        case Q6_K -> {
          int n = i / 128;
          int j = i % 128 / 32;
          int l = i % 32;
          int lower = unsigned(n * 64 + j % 2 * 32 + l);
          int v = (j < 2 ? lower & 15 : lower >> 4) | (unsigned(128 + n * 32 + l) >> 2 * j & 3) << 4;
          yield half(208) * data.get(ValueLayout.JAVA_BYTE, 192 + n * 8 + j * 2 + l / 16) * (v - 32);
        }
        default -> throw new UnsupportedOperationException("no values of " + type);
      };
    }

    private double half(long at) {
      return Float.float16ToFloat(data.get(ValueLayout.JAVA_SHORT_UNALIGNED, at));
    }

    private int unsigned(long at) {
      return data.get(ValueLayout.JAVA_BYTE, at) & 255;
    }
  }

  static float[] random(int count, Random random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  static double activation(Op.Activation function, double x) {
    return switch (function) {
      case QUICK_GELU -> x / (1 + Math.exp(-1.702 * x));
      case SILU -> x / (1 + Math.exp(-x));
      case GELU -> x * 0.5 * (1 + erf(x / Math.sqrt(2)));
    };
  }

  /** By its series near 0 and the continued fraction of erfc elsewhere (Abramowitz and Stegun 7.1.6, 7.1.14). */
  static double erf(double x) {
    double a = Math.abs(x);
    if (a > 6) {
      return Math.signum(x);
    }
    if (a < 2.5) {
      double term = x;
      double sum = x;
      for (int n = 1; n < 100; n++) {
        term *= 2 * x * x / (2 * n + 1);
        sum += term;
      }
      return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }
    double fraction = 0;
    for (int n = 200; n > 0; n--) {
      fraction = n / 2.0 / (a + fraction);
    }
    return Math.signum(x) * (1 - Math.exp(-a * a) / Math.sqrt(Math.PI) / (a + fraction));
  }

  /** Row-wise access to keys or values: the start of a row of {@code headDim} values in an array. */
  @FunctionalInterface
  interface Rows {
    int at(int position);
  }

  /** Softmax of the scaled scores of one query over positions begin to end - 1, times the values. */
  static double[] attention(
      float[] query, int queryAt, int headDim, float[] keys, Rows keyRows, float[] values, Rows valueRows, int begin,
      int end) {
    double[] scores = new double[end];
    double max = Double.NEGATIVE_INFINITY;
    for (int p = begin; p < end; p++) {
      for (int d = 0; d < headDim; d++) {
        scores[p] += (double) query[queryAt + d] * keys[keyRows.at(p) + d];
      }
      scores[p] /= Math.sqrt(headDim);
      max = Math.max(max, scores[p]);
    }
    double total = 0;
    double[] result = new double[headDim];
    for (int p = begin; p < end; p++) {
      double weight = Math.exp(scores[p] - max);
      total += weight;
      for (int d = 0; d < headDim; d++) {
        result[d] += weight * values[valueRows.at(p) + d];
      }
    }
    for (int d = 0; d < headDim; d++) {
      result[d] /= total;
    }
    return result;
  }
}
