package io.github.llava4j.kernels.tornado;

import io.github.llava4j.kernels.tornado.kernel.Packed;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What {@code Packed} makes of bits. */
class PackedTest {

  @Test
  void everyFiniteHalf() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float expected = Float.float16ToFloat((short) bits);
      if (Float.isFinite(expected)) {
        assertThat(Packed.half(bits)).as("half %x", bits).isEqualTo(expected);
      }
    }
  }
}
