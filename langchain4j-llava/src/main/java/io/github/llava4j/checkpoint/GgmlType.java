package io.github.llava4j.checkpoint;

import java.util.Map;

import io.github.llava4j.kernels.tensor.DType;
import org.jspecify.annotations.Nullable;

/** The numbers by which GGUF files name tensor types. */
final class GgmlType {

  private static final Map<Integer, DType> KNOWN =
      Map.ofEntries(
          Map.entry(0, DType.F32), Map.entry(1, DType.F16), Map.entry(2, DType.Q4_0), Map.entry(3, DType.Q4_1),
          Map.entry(6, DType.Q5_0), Map.entry(7, DType.Q5_1), Map.entry(8, DType.Q8_0), Map.entry(10, DType.Q2_K),
          Map.entry(11, DType.Q3_K), Map.entry(12, DType.Q4_K), Map.entry(13, DType.Q5_K), Map.entry(14, DType.Q6_K),
          Map.entry(20, DType.IQ4_NL), Map.entry(30, DType.BF16));

  private static final Map<Integer, String> OTHERS =
      Map.ofEntries(
          Map.entry(4, "Q4_2, removed"), Map.entry(5, "Q4_3, removed"), Map.entry(9, "Q8_1"), Map.entry(15, "Q8_K"),
          Map.entry(16, "IQ2_XXS"), Map.entry(17, "IQ2_XS"), Map.entry(18, "IQ3_XXS"), Map.entry(19, "IQ1_S"),
          Map.entry(21, "IQ3_S"), Map.entry(22, "IQ2_S"), Map.entry(23, "IQ4_XS"), Map.entry(24, "I8"),
          Map.entry(25, "I16"), Map.entry(26, "I32"), Map.entry(27, "I64"), Map.entry(28, "F64"),
          Map.entry(29, "IQ1_M"), Map.entry(31, "Q4_0_4_4, removed"), Map.entry(32, "Q4_0_4_8, removed"),
          Map.entry(33, "Q4_0_8_8, removed"), Map.entry(34, "TQ1_0"), Map.entry(35, "TQ2_0"),
          Map.entry(39, "MXFP4"));

  private GgmlType() {}

  /** The type of that number, or null if we cannot compute with it. */
  static @Nullable DType of(int id) {
    return KNOWN.get(id);
  }

  /** The number of {@code type}. */
  static int id(DType type) {
    return KNOWN.entrySet().stream().filter(e -> e.getValue() == type).findFirst().orElseThrow().getKey();
  }

  /** What to call that number in messages. */
  static String describe(int id) {
    DType type = of(id);
    return id + " (" + (type != null ? type.name() : OTHERS.getOrDefault(id, "not defined")) + ")";
  }
}
