package io.github.llava4j.kernels.tornado;

import io.github.llava4j.kernels.tensor.DType;
import io.github.llava4j.kernels.tornado.kernel.Packed;
import org.jspecify.annotations.Nullable;

/** How matrices lie on the device; {@link Packed} reads them. */
enum Format {
  F32(Packed.F32, DType.F32, 1),
  F16(Packed.F16, DType.F16, 2),
  Q8_0(Packed.Q8_0, DType.Q8_0, 4),
  Q4_0(Packed.Q4_0, DType.Q4_0, 8);

  private final int code;
  private final DType type;
  private final int valuesPerWord;

  Format(int code, DType type, int valuesPerWord) {
    this.code = code;
    this.type = type;
    this.valuesPerWord = valuesPerWord;
  }

  /** The number by which kernels know it. */
  int code() {
    return code;
  }

  /** The storage type with the same values. */
  DType type() {
    return type;
  }

  /** Words of a row: values for F32, integers for the others. */
  int stride(int columns) {
    return (columns + valuesPerWord - 1) / valuesPerWord;
  }

  /** Values in the array of floats of a row: the values themselves, the scales, or none. */
  int floats(int columns) {
    return this == F32 ? columns : type.isBlocked() ? columns / type.blockLength() : 0;
  }

  /** Integers of a row. */
  int ints(int columns) {
    return this == F32 ? 0 : stride(columns);
  }

  /** The format that holds every value of {@code type} exactly, or null if no kernel reads one. */
  static @Nullable Format of(DType type) {
    return switch (type) {
      case F32, BF16 -> F32;
      case F16 -> F16;
      case Q8_0 -> Q8_0;
      case Q4_0 -> Q4_0;
      case Q4_1, Q5_0, Q5_1, IQ4_NL, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K -> null;
    };
  }
}
