package io.github.llava4j.constraint.regular;

import io.github.llava4j.ConstraintException;

/**
 * What making one language may cost: {@value #MILLIS} ms. A pause of the machine or a cold JVM refuses nothing: time counts
 * only once as much work has been done as takes a good part of it on any machine.
 */
final class Deadline {

  static final int MILLIS = 250;

  private static final int FREE_WORK = 30_000_000;
  private static final int LOOK_EVERY = 100_000;

  private final long end;
  private final boolean limited;
  private long work;
  private long nextLook = FREE_WORK;

  private Deadline(boolean limited) {
    this.limited = limited;
    end = System.nanoTime() + MILLIS * 1_000_000L;
  }

  static Deadline start() {
    return new Deadline(true);
  }

  /** For what depends on nobody's input. */
  static Deadline none() {
    return new Deadline(false);
  }

  /**
   * Counts steps, each of which takes a few nanoseconds.
   *
   * @throws ConstraintException if the time is over
   */
  void work(int steps) {
    work += steps;
    if (work >= nextLook) {
      nextLook = work + LOOK_EVERY;
      if (limited && System.nanoTime() - end > 0) {
        throw new ConstraintException("the constraint is too complex: it takes more than " + MILLIS
            + " ms to prepare; make it simpler or its counts smaller");
      }
    }
  }
}
