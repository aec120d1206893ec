package io.github.llava4j.kernels.scalar;

import io.github.llava4j.kernels.Backend;
import io.github.llava4j.kernels.BackendContract;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** The oracle with two threads agrees with itself on one. */
class ScalarBackendTest extends BackendContract {

  @Override
  protected Backend backend() {
    return new ScalarBackend(2);
  }

  /** Values of Abramowitz and Stegun, table 7.1, and mpmath. */
  @ParameterizedTest
  @CsvSource({
    "0, 1", "0.5, 0.4795001221869535", "1, 0.15729920705028513", "1.99, 0.004888586800383003",
    "2.01, 0.004475150644751763", "3, 2.209049699858544e-5", "5, 1.5374597944280349e-12", "-1, 1.8427007929497148",
    "-6, 2"
  })
  void complementaryErrorFunction(double x, double expected) {
    assertThat(Erf.erfc(x)).isCloseTo(expected, within(1e-13 + 1e-10 * expected));
  }
}
