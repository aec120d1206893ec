package io.github.llava4j.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Turns rows into columns. A block of N x N values is transposed by log2(N) rounds, each of which interleaves row i with
 * row i + N/2: a round rotates the bits of (row, column) by one place. Two rounds at a time go through registers.
 */
final class Transposition {

  private static final int N = Lanes.N;
  private static final IntVector LOW = interleaving(0);
  private static final IntVector HIGH = interleaving(N / 2);

  private Transposition() {}

  private static IntVector interleaving(int first) {
    int[] lanes = new int[N];
    for (int i = 0; i < N; i++) {
      lanes[i] = first + i / 2 + i % 2 * N;
    }
    return IntVector.fromArray(Lanes.I, lanes, 0);
  }

  /**
   * to[toAt + c * toStride + r] = from[fromAt + r * fromStride + c] for {@code rows} x {@code columns}, both rounded up to
   * whole vectors: both arrays must hold that much.
   *
   * @param temporary at least N * N long
   */
  static void transpose(
      float[] from, int fromAt, int fromStride, int rows, int columns, float[] to, int toAt, int toStride,
      float[] temporary) {
    for (int r = 0; r < rows; r += N) {
      for (int c = 0; c < columns; c += N) {
        block(from, fromAt + r * fromStride + c, fromStride, to, toAt + c * toStride + r, toStride, temporary);
      }
    }
  }

  private static void block(
      float[] from, int fromAt, int fromStride, float[] to, int toAt, int toStride, float[] temporary) {
    switch (N) {
      case 4 -> twoRounds(from, fromAt, fromStride, to, toAt, toStride);
      case 8 -> {
        twoRounds(from, fromAt, fromStride, temporary, 0, N);
        oneRound(temporary, 0, N, to, toAt, toStride);
      }
      default -> fourRounds(from, fromAt, fromStride, to, toAt, toStride, temporary);
    }
  }

  /**
   * {@link #twoRounds} twice, written out: a method so long is compiled by itself. Inlined into its callers, it exceeds
   * what C2 inlines in one method, and every vector becomes an object.
   */
  private static void fourRounds(
      float[] from, int fromAt, int fromStride, float[] to, int toAt, int toStride, float[] temporary) {
    for (int i = 0; i < N / 4; i++) {
      IntVector a = load(from, fromAt + i * fromStride);
      IntVector b = load(from, fromAt + (i + N / 4) * fromStride);
      IntVector c = load(from, fromAt + (i + N / 2) * fromStride);
      IntVector d = load(from, fromAt + (i + N / 4 + N / 2) * fromStride);
      IntVector lowAc = LOW.selectFrom(a, c);
      IntVector highAc = HIGH.selectFrom(a, c);
      IntVector lowBd = LOW.selectFrom(b, d);
      IntVector highBd = HIGH.selectFrom(b, d);
      store(LOW.selectFrom(lowAc, lowBd), temporary, 4 * i * N);
      store(HIGH.selectFrom(lowAc, lowBd), temporary, (4 * i + 1) * N);
      store(LOW.selectFrom(highAc, highBd), temporary, (4 * i + 2) * N);
      store(HIGH.selectFrom(highAc, highBd), temporary, (4 * i + 3) * N);
    }
    for (int i = 0; i < N / 4; i++) {
      IntVector a = load(temporary, i * N);
      IntVector b = load(temporary, (i + N / 4) * N);
      IntVector c = load(temporary, (i + N / 2) * N);
      IntVector d = load(temporary, (i + N / 4 + N / 2) * N);
      IntVector lowAc = LOW.selectFrom(a, c);
      IntVector highAc = HIGH.selectFrom(a, c);
      IntVector lowBd = LOW.selectFrom(b, d);
      IntVector highBd = HIGH.selectFrom(b, d);
      store(LOW.selectFrom(lowAc, lowBd), to, toAt + 4 * i * toStride);
      store(HIGH.selectFrom(lowAc, lowBd), to, toAt + (4 * i + 1) * toStride);
      store(LOW.selectFrom(highAc, highBd), to, toAt + (4 * i + 2) * toStride);
      store(HIGH.selectFrom(highAc, highBd), to, toAt + (4 * i + 3) * toStride);
    }
  }

  private static void oneRound(float[] from, int fromAt, int fromStride, float[] to, int toAt, int toStride) {
    for (int i = 0; i < N / 2; i++) {
      IntVector a = load(from, fromAt + i * fromStride);
      IntVector b = load(from, fromAt + (i + N / 2) * fromStride);
      store(LOW.selectFrom(a, b), to, toAt + 2 * i * toStride);
      store(HIGH.selectFrom(a, b), to, toAt + (2 * i + 1) * toStride);
    }
  }

  private static void twoRounds(float[] from, int fromAt, int fromStride, float[] to, int toAt, int toStride) {
    for (int i = 0; i < N / 4; i++) {
      IntVector a = load(from, fromAt + i * fromStride);
      IntVector b = load(from, fromAt + (i + N / 4) * fromStride);
      IntVector c = load(from, fromAt + (i + N / 2) * fromStride);
      IntVector d = load(from, fromAt + (i + N / 4 + N / 2) * fromStride);
      IntVector lowAc = LOW.selectFrom(a, c);
      IntVector highAc = HIGH.selectFrom(a, c);
      IntVector lowBd = LOW.selectFrom(b, d);
      IntVector highBd = HIGH.selectFrom(b, d);
      store(LOW.selectFrom(lowAc, lowBd), to, toAt + 4 * i * toStride);
      store(HIGH.selectFrom(lowAc, lowBd), to, toAt + (4 * i + 1) * toStride);
      store(LOW.selectFrom(highAc, highBd), to, toAt + (4 * i + 2) * toStride);
      store(HIGH.selectFrom(highAc, highBd), to, toAt + (4 * i + 3) * toStride);
    }
  }

  private static IntVector load(float[] from, int at) {
    return FloatVector.fromArray(Lanes.F, from, at).reinterpretAsInts();
  }

  private static void store(IntVector bits, float[] to, int at) {
    bits.reinterpretAsFloats().intoArray(to, at);
  }
}
