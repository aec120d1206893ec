package io.github.llava4j.kernels.vector;

import io.github.llava4j.kernels.cpu.Workers;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;

/** Normalisation of rows. Sums are float32 per lane and double from there on. */
final class Norms {

  private final Workers workers;

  Norms(Workers workers) {
    this.workers = workers;
  }

  void rms(float[] in, int rows, float[] scale, float eps, float[] out) {
    int width = scale.length;
    workers.forEach(rows, row -> {
      int at = row * width;
      double mean = squares(in, at, width, 0) / width;
      shiftAndScale(in, at, width, 0, (float) (1 / Math.sqrt(mean + eps)), scale, null, out);
    });
  }

  void layer(float[] in, int rows, float[] scale, float[] shift, float eps, float[] out) {
    int width = scale.length;
    workers.forEach(rows, row -> {
      int at = row * width;
      float mean = (float) (sum(in, at, width) / width);
      double variance = squares(in, at, width, mean) / width;
      shiftAndScale(in, at, width, mean, (float) (1 / Math.sqrt(variance + eps)), scale, shift, out);
    });
  }

  private static double sum(float[] in, int at, int width) {
    FloatVector sums = Lanes.zero();
    int whole = Lanes.F.loopBound(width);
    for (int i = 0; i < whole; i += Lanes.N) {
      sums = sums.add(Lanes.load(in, at + i));
    }
    double sum = inDouble(sums);
    for (int i = whole; i < width; i++) {
      sum += in[at + i];
    }
    return sum;
  }

  private static double squares(float[] in, int at, int width, float mean) {
    FloatVector sums = Lanes.zero();
    int whole = Lanes.F.loopBound(width);
    for (int i = 0; i < whole; i += Lanes.N) {
      FloatVector v = Lanes.load(in, at + i).sub(mean);
      sums = v.fma(v, sums);
    }
    double sum = inDouble(sums);
    for (int i = whole; i < width; i++) {
      double v = in[at + i] - mean;
      sum += v * v;
    }
    return sum;
  }

  /** The sum of all lanes in double. */
  private static double inDouble(FloatVector sums) {
    double sum = 0;
    for (int part = 0; part < 2; part++) {
      sum += sums.convert(VectorOperators.F2D, part).reinterpretAsDoubles().reduceLanes(VectorOperators.ADD);
    }
    return sum;
  }

  private static void shiftAndScale(
      float[] in, int at, int width, float mean, float factor, float[] scale, float @Nullable [] shift, float[] out) {
    int whole = Lanes.F.loopBound(width);
    for (int i = 0; i < whole; i += Lanes.N) {
      FloatVector v = Lanes.load(in, at + i).sub(mean).mul(factor).mul(Lanes.load(scale, i));
      if (shift != null) {
        v = v.add(Lanes.load(shift, i));
      }
      v.intoArray(out, at + i);
    }
    for (int i = whole; i < width; i++) {
      float v = (in[at + i] - mean) * factor * scale[i];
      out[at + i] = shift == null ? v : v + shift[i];
    }
  }
}
