package io.github.llava4j.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

import io.github.llava4j.kernels.tensor.DType;
import io.github.llava4j.kernels.tensor.Tensor;

/** Random tensors of every type. */
public final class TestTensors {

  private TestTensors() {}

  /** Values around zero. */
  public static float[] values(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }

  /** Random bytes, with the parts that are floating-point numbers made small and finite. */
  public static Tensor random(String name, DType type, long seed, int... shape) {
    int count = 1;
    for (int dimension : shape) {
      count *= dimension;
    }
    byte[] bytes = new byte[Math.toIntExact(type.bytes(count))];
    MemorySegment data = MemorySegment.ofArray(bytes);
    if (type.isBlocked()) {
      new SplittableRandom(seed).nextBytes(bytes);
      for (int block = 0; block < bytes.length; block += type.blockBytes()) {
        for (int at : halves(type)) {
          short half = Float.floatToFloat16(0.01f + (bytes[block + at] & 0xff) / 25600f);
          data.set(ValueLayout.JAVA_SHORT_UNALIGNED, block + at, half);
        }
      }
    } else {
      float[] values = values(seed, count);
      for (int i = 0; i < count; i++) {
        switch (type) {
          case F32 -> data.set(ValueLayout.JAVA_FLOAT_UNALIGNED, i * 4L, values[i]);
          case F16 -> data.set(ValueLayout.JAVA_SHORT_UNALIGNED, i * 2L, Float.floatToFloat16(values[i]));
          case BF16 -> data.set(
              ValueLayout.JAVA_SHORT_UNALIGNED, i * 2L, (short) (Float.floatToRawIntBits(values[i]) >>> 16));
          default -> throw new AssertionError(type);
        }
      }
    }
    return new Tensor(name, type, shape, data);
  }

  /** Where a block keeps its half-precision scales. */
  private static int[] halves(DType type) {
    return switch (type) {
      case Q8_0, Q4_0, Q5_0, IQ4_NL -> new int[] {0};
      case Q4_1, Q5_1, Q4_K, Q5_K -> new int[] {0, 2};
      case Q2_K -> new int[] {80, 82};
      case Q3_K -> new int[] {108};
      case Q6_K -> new int[] {208};
      case F32, F16, BF16 -> new int[0];
    };
  }

  public static Tensor identity(int size) {
    float[] values = new float[size * size];
    for (int i = 0; i < size; i++) {
      values[i * size + i] = 1;
    }
    return Tensor.of("identity", values, size, size);
  }
}
