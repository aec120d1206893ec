package io.github.llava4j.kernels.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** The exponential and the error function, lane by lane: those of the Vector API call native code or loop over lanes. */
final class VectorMath {

  private static final float LOG2_E = 1.44269504088896341f;
  // ln 2 in two parts, so that n * LN2_HIGH is exact.
  private static final float LN2_HIGH = 0.693359375f;
  private static final float LN2_LOW = -2.12194440e-4f;

  /** Added and taken away again, it rounds to an integer, which is then in the low bits of the sum. */
  private static final float ROUNDER = 0x1.8p23f;

  // Beyond these the result is infinite or zero, and n would not fit the exponents.
  private static final float MAX_EXP = 90f;
  private static final float MIN_EXP = -105f;

  private static final int EXPONENT_BIAS = 127;
  private static final int FRACTION_BITS = 23;

  /** Beyond, float32 knows no difference from 1. */
  private static final double MAX_ERF = 4;

  private static final double[] ERF_NUMERATOR = {
    -2.72614225801306e-10,
    2.77068142495902e-08,
    -2.10102402082508e-06,
    -5.69250639462346e-05,
    -7.34990630326855e-04,
    -2.95459980854025e-03,
    -1.60960333262415e-02
  };
  private static final double[] ERF_DENOMINATOR = {
    -1.45660718464996e-05, -2.13374055278905e-04, -1.68282697438203e-03, -7.37332916720468e-03, -1.42647390514189e-02
  };

  private VectorMath() {}

  /**
   * e^x with a relative error below 2e-7; subnormal results are rounded twice. Cephes' expf (Moshier 1989): x = n ln 2 +
   * r with |r| at most ln 2 / 2, and a polynomial for e^r. NaN gives NaN, infinities give infinity and 0.
   */
  static FloatVector exp(FloatVector x) {
    FloatVector bounded = x.lanewise(VectorOperators.MIN, MAX_EXP).lanewise(VectorOperators.MAX, MIN_EXP);
    FloatVector shifted = bounded.fma(FloatVector.broadcast(Lanes.F, LOG2_E), constant(ROUNDER));
    FloatVector n = shifted.sub(ROUNDER);
    FloatVector r = n.fma(constant(-LN2_HIGH), bounded);
    r = n.fma(constant(-LN2_LOW), r);
    FloatVector p = r.fma(constant(1.9875691500e-4f), constant(1.3981999507e-3f));
    p = p.fma(r, constant(8.3334519073e-3f));
    p = p.fma(r, constant(4.1665795894e-2f));
    p = p.fma(r, constant(1.6666665459e-1f));
    p = p.fma(r, constant(5.0000001201e-1f));
    p = p.fma(r.mul(r), r).add(1f);
    // 2^n in two steps: n reaches from -151 to 130, an exponent only from -126 to 127.
    IntVector exponent = shifted.reinterpretAsInts().sub(Float.floatToRawIntBits(ROUNDER));
    IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
    return p.mul(powerOfTwo(half)).mul(powerOfTwo(exponent.sub(half)));
  }

  /**
   * The error function with an absolute error below 1e-7: the odd rational approximation on [-4, 4] that Eigen and XLA
   * use (Eigen/src/Core/MathFunctionsImpl.h, generic_fast_erf_float). In double, because in float32 its roundings would be
   * five times larger than its own error; it runs once per picture and not once per layer.
   */
  static DoubleVector erf(DoubleVector x) {
    DoubleVector bounded = x.lanewise(VectorOperators.MIN, MAX_ERF).lanewise(VectorOperators.MAX, -MAX_ERF);
    DoubleVector x2 = bounded.mul(bounded);
    DoubleVector inside = bounded.mul(polynomial(x2, ERF_NUMERATOR)).div(polynomial(x2, ERF_DENOMINATOR));
    // Exactly 1 outside, or a large negative x times 1 + erf(x) would be far from zero.
    return inside
        .blend(1, x.compare(VectorOperators.GE, MAX_ERF))
        .blend(-1, x.compare(VectorOperators.LE, -MAX_ERF));
  }

  private static DoubleVector polynomial(DoubleVector x, double[] coefficients) {
    DoubleVector sum = DoubleVector.broadcast(Lanes.D, coefficients[0]);
    for (int i = 1; i < coefficients.length; i++) {
      sum = sum.fma(x, DoubleVector.broadcast(Lanes.D, coefficients[i]));
    }
    return sum;
  }

  private static FloatVector powerOfTwo(IntVector n) {
    return n.add(EXPONENT_BIAS).lanewise(VectorOperators.LSHL, FRACTION_BITS).reinterpretAsFloats();
  }

  private static FloatVector constant(float value) {
    return FloatVector.broadcast(Lanes.F, value);
  }
}
