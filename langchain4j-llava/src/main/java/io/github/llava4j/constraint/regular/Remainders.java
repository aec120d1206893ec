package io.github.llava4j.constraint.regular;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;

import io.github.llava4j.ConstraintException;
import io.github.llava4j.UnsupportedConstraintException;

/**
 * The remainder of a number by {@code divisor / 10^scale}, digit by digit: it is a multiple if, with the point moved {@code
 * scale} digits to the right, it is a whole number that {@code divisor} divides.
 */
final class Remainders {

  static final int MAX_DIVISOR = 10_000;

  /** Every number is a multiple. */
  static final Remainders NONE = new Remainders(1, Integer.MAX_VALUE);

  private static final int MAX_SCALE = 15;
  private static final int MAX_DIGITS = 50;
  /** After so many digits less one, any remainder below the greatest divisor can have become any other. */
  private static final int ROUNDS = 6;

  private final int divisor;
  private final int scale;
  /** For a remainder the fewest further digits of the whole part after which it can be one from which a multiple can come. */
  private final byte[] least;

  private Remainders(int divisor, int scale) {
    this.divisor = divisor;
    this.scale = scale;
    least = new byte[divisor];
    Arrays.fill(least, Byte.MAX_VALUE);
    boolean anyFraction = scale > 0;
    for (int r = 0; r < divisor; r++) {
      // With digits behind the point to come, every remainder can still become 0 or not: leave that to the minimiser.
      if (anyFraction || r == 0) {
        least[r] = 0;
      }
    }
    for (int round = 1; round < ROUNDS && !anyFraction; round++) {
      for (int r = 0; r < divisor; r++) {
        for (int digit = 0; digit < 10 && least[r] > round; digit++) {
          if (least[whole(r, digit)] == round - 1) {
            least[r] = (byte) round;
          }
        }
      }
    }
  }

  /**
   * Remainders by a step.
   *
   * @throws ConstraintException if it is not positive
   * @throws UnsupportedConstraintException if it is none of 1 to 10,000, moved by at most 15 places behind the point
   */
  static Remainders of(BigDecimal step) {
    if (step.signum() <= 0) {
      throw new ConstraintException("multipleOf is " + step + "; it must be greater than 0");
    }
    BigDecimal stripped = step.stripTrailingZeros();
    int scale = Math.max(0, stripped.scale());
    BigInteger divisor = stripped.precision() - (long) stripped.scale() > MAX_SCALE ? BigInteger.TEN.pow(MAX_SCALE)
        : scale > MAX_SCALE ? BigInteger.ZERO : stripped.movePointRight(scale).toBigIntegerExact();
    if (divisor.signum() == 0 || divisor.compareTo(BigInteger.valueOf(MAX_DIVISOR)) > 0) {
      throw new UnsupportedConstraintException("multipleOf is " + step + "; supported are whole numbers up to " + MAX_DIVISOR
          + ", and those with the point moved up to " + MAX_SCALE + " places to the left");
    }
    return new Remainders(divisor.intValue(), scale);
  }

  int divisor() {
    return divisor;
  }

  int whole(int remainder, int digit) {
    return (10 * remainder + digit) % divisor;
  }

  /** The remainder after a digit behind the point; -1 if the number can be no multiple any more. */
  int fraction(int remainder, int position, int digit) {
    if (position >= scale) {
      return digit == 0 && remainder == 0 ? 0 : -1;
    }
    int next = whole(remainder, digit);
    return position + 1 == scale && next != 0 ? -1 : next;
  }

  /** Whether a number that ends after so many digits behind the point is a multiple. */
  boolean isZero(int remainder, int fractionDigits) {
    int rest = remainder;
    for (int i = fractionDigits; i < scale && rest != 0; i++) {
      rest = whole(rest, 0);
    }
    return rest == 0;
  }

  /** Whether so many further digits of the whole part, or fewer, can make a multiple. */
  boolean canBecomeZero(int remainder, int digits) {
    return least[remainder] <= digits;
  }

  /**
   * How many digits of the whole part can be looked at with at most {@code states} states.
   *
   * @param most is enough
   */
  int digits(int states, int most) {
    if (divisor == 1) {
      return most;
    }
    int[] useful = useful();
    for (int digits = Math.min(most, MAX_DIGITS); digits > 1; digits--) {
      long sum = (long) scale * divisor;
      for (int position = 1; position <= digits; position++) {
        int reached = position > 5 ? divisor : Math.min(divisor, 9 * (int) Math.pow(10, position - 1));
        sum += Math.min(reached, useful[Math.min(digits - position, useful.length - 1)]);
      }
      if (sum <= states) {
        return digits;
      }
    }
    return 1;
  }

  /** By the number of digits that may follow: how many remainders can still become a multiple. */
  private int[] useful() {
    int[] useful = new int[ROUNDS];
    for (int r = 0; r < divisor; r++) {
      for (int digits = least[r]; digits < ROUNDS; digits++) {
        useful[digits]++;
      }
    }
    return useful;
  }
}
