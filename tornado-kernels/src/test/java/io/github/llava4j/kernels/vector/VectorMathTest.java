package io.github.llava4j.kernels.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class VectorMathTest {

  @Test
  void expIsRightToAboutAnUlp() {
    double worst = 0;
    for (float x = -87; x < 88.7f; x += 0.00037f) {
      double expected = Math.exp(x);
      worst = Math.max(worst, Math.abs(exp(x) - expected) / expected);
    }
    assertThat(worst).isLessThan(2e-7);
  }

  @Test
  void expOfExtremes() {
    assertThat(exp(Float.NaN)).isNaN();
    assertThat(exp(Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(exp(89)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(exp(1e30f)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(exp(Float.NEGATIVE_INFINITY)).isZero();
    assertThat(exp(-1e30f)).isZero();
    assertThat(exp(-105)).isZero();
    assertThat(exp(0)).isEqualTo(1);
    assertThat(exp(88.7f)).isBetween(3.3e38f, 3.4e38f);
    for (float x = -103; x < -87; x += 0.1f) {
      assertThat(Math.abs(exp(x) - Math.exp(x))).isLessThanOrEqualTo(Float.MIN_VALUE + 2e-7 * Math.exp(x));
    }
  }

  @Test
  void erfIsRightToAboutAnUlp() {
    double worst = 0;
    for (float x = -6; x < 6; x += 0.00013f) {
      worst = Math.max(worst, Math.abs(erf(x) - Reference.erf(x)));
    }
    assertThat(worst).isLessThan(1e-7);
    assertThat(erf(Float.NaN)).isNaN();
    assertThat(erf(Float.POSITIVE_INFINITY)).isEqualTo(1);
    assertThat(erf(Float.NEGATIVE_INFINITY)).isEqualTo(-1);
  }

  private static float exp(float x) {
    return VectorMath.exp(FloatVector.broadcast(Lanes.F, x)).lane(0);
  }

  private static double erf(float x) {
    return VectorMath.erf(DoubleVector.broadcast(Lanes.D, x)).lane(0);
  }
}
