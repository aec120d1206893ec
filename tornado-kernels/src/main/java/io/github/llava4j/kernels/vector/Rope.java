package io.github.llava4j.kernels.vector;

import io.github.llava4j.kernels.Op.RopeLayout;
import io.github.llava4j.kernels.cpu.Workers;
import jdk.incubator.vector.FloatVector;

/** Rotary position embedding, in place. */
final class Rope {

  private final Workers workers;

  Rope(Workers workers) {
    this.workers = workers;
  }

  void rotate(float[] x, int rows, int heads, int headDim, float[] cos, float[] sin, RopeLayout layout) {
    workers.forEach(rows, row -> {
      int angles = row * (headDim / 2);
      for (int h = 0; h < heads; h++) {
        int at = (row * heads + h) * headDim;
        switch (layout) {
          case HALF_SPLIT -> halves(x, at, headDim / 2, cos, sin, angles);
          case INTERLEAVED -> pairs(x, at, headDim / 2, cos, sin, angles);
        }
      }
    });
  }

  private static void halves(float[] x, int at, int half, float[] cos, float[] sin, int angles) {
    int whole = Lanes.F.loopBound(half);
    for (int i = 0; i < whole; i += Lanes.N) {
      FloatVector a = Lanes.load(x, at + i);
      FloatVector b = Lanes.load(x, at + half + i);
      FloatVector c = Lanes.load(cos, angles + i);
      FloatVector s = Lanes.load(sin, angles + i);
      a.mul(c).sub(b.mul(s)).intoArray(x, at + i);
      b.mul(c).add(a.mul(s)).intoArray(x, at + half + i);
    }
    for (int i = whole; i < half; i++) {
      turn(x, at + i, at + half + i, cos[angles + i], sin[angles + i]);
    }
  }

  /** Plain code: next to the matrix products this is nothing, and shuffling pairs apart would cost as much. */
  private static void pairs(float[] x, int at, int half, float[] cos, float[] sin, int angles) {
    for (int i = 0; i < half; i++) {
      turn(x, at + 2 * i, at + 2 * i + 1, cos[angles + i], sin[angles + i]);
    }
  }

  private static void turn(float[] x, int first, int second, float cos, float sin) {
    float a = x[first];
    float b = x[second];
    x[first] = a * cos - b * sin;
    x[second] = b * cos + a * sin;
  }
}
