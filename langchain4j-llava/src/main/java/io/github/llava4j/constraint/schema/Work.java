package io.github.llava4j.constraint.schema;

import io.github.llava4j.ConstraintException;

/**
 * Bounds what one schema may cost. Counted in steps of about a quarter of a microsecond, not by a clock, so that a busy
 * machine refuses the same schemas as an idle one.
 */
final class Work {

  static final int MOST_STEPS = 1_000_000;

  private int steps;

  void reset() {
    steps = 0;
  }

  void spend(long cost) {
    long sum = steps + cost;
    if (sum > MOST_STEPS) {
      throw new ConstraintException(
          "the schema is too expensive to compile: simplify it, above all allOf, anyOf and oneOf within each other, and"
              + " patterns with large counts");
    }
    steps = (int) sum;
  }
}
