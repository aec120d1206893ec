package io.github.llava4j.constraint.regular;

import org.jspecify.annotations.Nullable;

/**
 * Numbers with and without a minus in front.
 *
 * @param positive null if there are none
 * @param negative their magnitudes; null if there are none
 */
record Signed(@Nullable Magnitude positive, @Nullable Magnitude negative) implements Machine {

  private static final long NEGATIVE = 1L << 50;

  @Override
  public long start() {
    return Magnitude.START_STATE;
  }

  @Override
  public boolean accepts(long state) {
    Magnitude magnitude = (state & NEGATIVE) == 0 ? positive : negative;
    return magnitude != null && magnitude.accepts(state & ~NEGATIVE);
  }

  @Override
  public long next(long state, int symbol) {
    if (state == Magnitude.START_STATE && symbol == Magnitude.MINUS) {
      return negative == null ? DEAD : NEGATIVE | Magnitude.START_STATE;
    }
    Magnitude magnitude = (state & NEGATIVE) == 0 ? positive : negative;
    long next = magnitude == null ? DEAD : magnitude.next(state & ~NEGATIVE, symbol);
    return next == DEAD ? DEAD : state & NEGATIVE | next;
  }
}
