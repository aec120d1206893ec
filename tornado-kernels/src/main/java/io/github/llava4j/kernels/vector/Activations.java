package io.github.llava4j.kernels.vector;

import io.github.llava4j.kernels.Op.Activation;
import io.github.llava4j.kernels.cpu.Workers;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;

/** Activation functions, alone or multiplied with a second factor. */
final class Activations {

  /** Values per item of work: small enough to stay in the first-level cache, large enough to be worth an item. */
  private static final int CHUNK = 4096;

  /** A padded copy of the last values lets one loop do for any count. */
  private static final int TAIL = 0;

  private static final int OTHER_TAIL = 1;

  private static final float QUICK = 1.702f;
  private static final double SQRT_HALF = Math.sqrt(0.5);

  private final Workers workers;
  private final Scratch[] scratch;

  Activations(Workers workers, Scratch[] scratch) {
    this.workers = workers;
    this.scratch = scratch;
  }

  /** x = function(x) * factor for the first {@code count} values; {@code factor} may be null. */
  void apply(Activation function, float[] x, float @Nullable [] factor, int count) {
    workers.forEach((count + CHUNK - 1) / CHUNK, (worker, item) -> {
      int from = item * CHUNK;
      int length = Math.min(CHUNK, count - from);
      int whole = Lanes.F.loopBound(length);
      run(function, x, from, factor, from, whole);
      int rest = length - whole;
      if (rest > 0) {
        float[] tail = scratch[worker].floats(TAIL, Lanes.N);
        System.arraycopy(x, from + whole, tail, 0, rest);
        float[] other = null;
        if (factor != null) {
          other = scratch[worker].floats(OTHER_TAIL, Lanes.N);
          System.arraycopy(factor, from + whole, other, 0, rest);
        }
        run(function, tail, 0, other, 0, Lanes.N);
        System.arraycopy(tail, 0, x, from + whole, rest);
      }
    });
  }

  private static void run(Activation function, float[] x, int at, float @Nullable [] factor, int factorAt, int count) {
    switch (function) {
      case QUICK_GELU -> sigmoid(QUICK, x, at, factor, factorAt, count);
      case SILU -> sigmoid(1, x, at, factor, factorAt, count);
      case GELU -> gelu(x, at, factor, factorAt, count);
    }
  }

  /** x * sigmoid(slope * x), as x / (1 + e^(-slope * x)). */
  private static void sigmoid(float slope, float[] x, int at, float @Nullable [] factor, int factorAt, int count) {
    for (int i = 0; i < count; i += Lanes.N) {
      FloatVector v = Lanes.load(x, at + i);
      v = v.div(VectorMath.exp(v.mul(-slope)).add(1));
      if (factor != null) {
        v = v.mul(Lanes.load(factor, factorAt + i));
      }
      v.intoArray(x, at + i);
    }
  }

  /** x * Phi(x), in double: see {@link VectorMath#erf}. */
  private static void gelu(float[] x, int at, float @Nullable [] factor, int factorAt, int count) {
    for (int i = 0; i < count; i += Lanes.D.length()) {
      DoubleVector v = doubles(x, at + i);
      v = v.mul(0.5).mul(VectorMath.erf(v.mul(SQRT_HALF)).add(1));
      if (factor != null) {
        v = v.mul(doubles(factor, factorAt + i));
      }
      ((FloatVector) v.convertShape(VectorOperators.D2F, Lanes.HALF_F, 0)).intoArray(x, at + i);
    }
  }

  private static DoubleVector doubles(float[] x, int at) {
    return (DoubleVector) FloatVector.fromArray(Lanes.HALF_F, x, at).convertShape(VectorOperators.F2D, Lanes.D, 0);
  }
}
