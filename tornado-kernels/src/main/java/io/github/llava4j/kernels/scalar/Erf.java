package io.github.llava4j.kernels.scalar;

/** The complementary error function, which the JDK does not have. */
final class Erf {

  private static final double SERIES_LIMIT = 2.0;
  private static final double TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);

  private Erf() {}

  /**
   * erfc(x) to about 1e-14 relative for all x: the Maclaurin series near zero, the continued fraction further out
   * (Abramowitz and Stegun 7.1.6 and 7.1.14).
   */
  static double erfc(double x) {
    double a = Math.abs(x);
    double positive;
    if (a < SERIES_LIMIT) {
      // erf(a) = 2/sqrt(pi) * exp(-a*a) * sum of 2^n a^(2n+1) / (1*3*5*...*(2n+1)): all terms positive.
      double term = a;
      double sum = a;
      for (int n = 1; term > sum * 1e-17; n++) {
        term *= 2 * a * a / (2 * n + 1);
        sum += term;
      }
      positive = 1 - TWO_OVER_SQRT_PI * Math.exp(-a * a) * sum;
    } else {
      double fraction = a;
      for (int n = 60; n >= 1; n--) {
        fraction = a + n / 2.0 / fraction;
      }
      positive = Math.exp(-a * a) / (fraction * Math.sqrt(Math.PI));
    }
    return x < 0 ? 2 - positive : positive;
  }
}
