package io.github.llava4j.kernels.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class QuantizerTest {

  @Test
  void q8RoundsHalvesAwayFromZero() {
    float[] values = new float[32];
    values[0] = 127; // scale 1
    values[1] = 2.5f;
    values[2] = -2.5f;
    values[3] = -0.5f;
    values[4] = 0.49999997f;
    MemorySegment block = quantized(DType.Q8_0, values);
    assertThat(bytes(block, 2, 5)).containsExactly(127, 3, -3, -1, 0);
    assertThat(bytes(block, 0, 2)).containsExactly(0x00, 0x3c);
  }

  @Test
  void q4PutsTheLargestValueAtMinusEight() {
    float[] values = new float[32];
    values[0] = 4; // scale 4 / -8 = -0.5
    values[1] = -4;
    values[16] = 0.25f;
    values[17] = -3.5f;
    MemorySegment block = quantized(DType.Q4_0, values);
    // -4 would be 16 and is clipped to 15; 0.25 lies half way and goes up as (int) (-0.5 + 8.5).
    assertThat(bytes(block, 0, 4)).containsExactly(0x00, 0xb8 - 256, 0x80 - 256, 0xff - 256);
  }

  @Test
  void zerosStayZeros() {
    for (DType type : new DType[] {DType.Q8_0, DType.Q4_0}) {
      float[] back = new float[32];
      BlockFormat.of(type).dequantize(quantized(type, new float[32]), 0, back, 0, 32);
      for (float value : back) {
        assertThat(value == 0).isTrue(); // -0 in Q4_0, as ggml has it
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"F32, 0", "F16, 0.001", "BF16, 0.008", "Q8_0, 0.009", "Q4_0, 0.13"})
  void staysWithinHalfAStep(DType type, float tolerance) {
    Random random = new Random(7);
    float[] values = new float[256];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() * 2 - 1;
    }
    float[] back = new float[256];
    BlockFormat.of(type).dequantize(quantized(type, values), 0, back, 0, 256);
    for (int i = 0; i < 256; i++) {
      assertThat(Math.abs(back[i] - values[i])).isLessThanOrEqualTo(tolerance);
    }
  }

  @Test
  void bfloat16RoundsToEvenAndKeepsNan() {
    float[] values = {
      1, Float.intBitsToFloat(0x3f808000), Float.intBitsToFloat(0x3f818000), Float.intBitsToFloat(0x7f800001)
    };
    float[] back = new float[4];
    BlockFormat.of(DType.BF16).dequantize(quantized(DType.BF16, values), 0, back, 0, 4);
    assertThat(back).containsExactly(1, 1, Float.intBitsToFloat(0x3f820000), Float.NaN);
  }

  @Test
  void namesTypesThatCannotBeWritten() {
    assertThatThrownBy(() -> Quantizer.of(DType.Q4_K))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("Q4_K");
  }

  private static MemorySegment quantized(DType type, float[] values) {
    MemorySegment block = MemorySegment.ofArray(new byte[(int) type.bytes(values.length)]);
    Quantizer.of(type).quantize(values, 0, values.length, block, 0);
    return block;
  }

  private static int[] bytes(MemorySegment s, int from, int count) {
    int[] out = new int[count];
    for (int i = 0; i < count; i++) {
      out[i] = s.get(ValueLayout.JAVA_BYTE, from + i);
    }
    return out;
  }
}
