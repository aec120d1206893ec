package io.github.llava4j.kernels.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The blocks of llava-spec 7.2, whose values gguf-py computed. */
class BlockFormatTest {

  private static final int[] PROBES = {0, 1, 15, 16, 31, 32, 100, 128, 200, 255};
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** @param d where the scale lies, @param m where the minimum lies or -1 */
  record Vector(DType type, int d, int m, double sum, double squares, double weighted, float... probes) {}

  static List<Vector> vectors() {
    return List.of(
        new Vector(DType.Q4_0, 0, -1, -10.5, 161.25, -259, -1.5f, 1, -4, -1.5f, 0),
        new Vector(DType.Q4_1, 0, 2, 130.5, 695, 2123.5, 7.75f, 2.25f, 5.25f, 4.75f, 6.25f),
        new Vector(DType.Q5_0, 0, -1, 7.5, 656.75, 56, 4.5f, -1, -6, 7, 0.5f),
        new Vector(DType.Q5_1, 0, 2, 260.5, 2824.5, 4082.5, 9.75f, 12.25f, 15.25f, 9.75f, 2.75f),
        new Vector(DType.Q8_0, 0, -1, -88, 47564, -4040, 42.5f, 61, -64, -45.5f, -24),
        new Vector(DType.IQ4_NL, 0, -1, -128.5, 33573.25, -3459.5, -17.5f, 12.5f, -63.5f, -17.5f, 0.5f),
        new Vector(DType.Q2_K, 80, 82, 1029.5, 13619, 121565,
            16.5f, 0, 11, -0.75f, -0.75f, 3.75f, 10, 3.75f, 4, 2.25f),
        new Vector(DType.Q3_K, 108, -1, 479, 142176.5, 88572.5, 40.5f, -54, -27, -48, 32, -11, 0, 1, 12.5f, 21),
        new Vector(DType.Q4_K, 0, 2, 27220, 6041305, 3786420,
            157.75f, -12.75f, 80.25f, 157.75f, 80.25f, 4, 47.5f, 211.5f, 69.25f, 24.25f),
        new Vector(DType.Q5_K, 0, 2, 58108, 25707205, 8013724,
            405.75f, -12.75f, 80.25f, 405.75f, 80.25f, 56, 117.5f, 523.5f, 69.25f, 54.25f),
        new Vector(DType.Q6_K, 208, -1, 2306, 118475065, 392210,
            -715.5f, 848, -159, -216, -48, 115.5f, 1261.5f, -175.5f, 544.5f, -30));
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void readsTheReferenceBlocks(Vector v) {
    // An odd offset: no format may rely on alignment.
    MemorySegment block = MemorySegment.ofArray(new byte[v.type.blockBytes() + 3]).asSlice(3);
    for (int k = 0; k < v.type.blockBytes(); k++) {
      block.set(ValueLayout.JAVA_BYTE, k, (byte) (37 * k + 11));
    }
    block.set(SHORT, v.d, (short) 0x3800);
    if (v.m >= 0) {
      block.set(SHORT, v.m, (short) 0x3400);
    }
    float[] y = new float[v.type.blockLength() + 1];
    BlockFormat.of(v.type).dequantize(block, 0, y, 1, v.type.blockLength());
    y = Arrays.copyOfRange(y, 1, y.length);
    double sum = 0;
    double squares = 0;
    double weighted = 0;
    for (int i = 0; i < y.length; i++) {
      sum += y[i];
      squares += (double) y[i] * y[i];
      weighted += (i + 1) * (double) y[i];
    }
    assertThat(new double[] {sum, squares, weighted}).containsExactly(v.sum, v.squares, v.weighted);
    for (int i = 0; i < v.probes.length; i++) {
      assertThat(y[PROBES[i]]).as("y[%d]", PROBES[i]).isEqualTo(v.probes[i]);
    }
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void everyTypeHasItsFormat(DType type) {
    assertThat(BlockFormat.of(type).type()).isEqualTo(type);
  }

  @Test
  void readsSeveralBlocks() {
    float[] values = new float[96];
    for (int i = 0; i < 96; i++) {
      values[i] = i % 17 - 8;
    }
    MemorySegment bytes = MemorySegment.ofArray(new byte[3 * 34 + 5]);
    Quantizer.of(DType.Q8_0).quantize(values, 0, 96, bytes, 5);
    float[] all = new float[96];
    BlockFormat.of(DType.Q8_0).dequantize(bytes, 5, all, 0, 96);
    float[] last = new float[32];
    BlockFormat.of(DType.Q8_0).dequantize(bytes, 5 + 2 * 34, last, 0, 32);
    assertThat(last).containsExactly(Arrays.copyOfRange(all, 64, 96));
  }

  @Test
  void refusesHalfABlock() {
    assertThatThrownBy(
            () -> BlockFormat.of(DType.Q4_0).dequantize(MemorySegment.ofArray(new byte[18]), 0, new float[32], 0, 16))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Q4_0");
  }
}
