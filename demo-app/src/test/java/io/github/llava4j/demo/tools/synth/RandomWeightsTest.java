package io.github.llava4j.demo.tools.synth;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

import io.github.llava4j.kernels.tensor.BlockFormat;
import io.github.llava4j.kernels.tensor.DType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class RandomWeightsTest {

  private static final int COUNT = 1 << 17;

  @ParameterizedTest
  @EnumSource(names = {"F32", "F16", "Q8_0", "Q4_0"})
  void haveTheMomentsThatWereAskedFor(DType type) {
    ByteBuffer bytes = ByteBuffer.allocate((int) type.bytes(COUNT)).order(ByteOrder.LITTLE_ENDIAN);
    new RandomWeights(type, 0, 0.02).fill(bytes, new SplittableRandom(1));
    float[] values = new float[COUNT];
    BlockFormat.of(type).dequantize(MemorySegment.ofBuffer(bytes.flip()), 0, values, 0, COUNT);

    double sum = 0;
    double squares = 0;
    for (float value : values) {
      sum += value;
      squares += (double) value * value;
    }

    assertThat(sum / COUNT).isCloseTo(0, within(2e-4));
    assertThat(Math.sqrt(squares / COUNT)).isCloseTo(0.02, within(2e-4));
  }
}
