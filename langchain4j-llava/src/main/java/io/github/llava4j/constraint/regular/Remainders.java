package io.github.llava4j.constraint.regular;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;

import io.github.llava4j.ConstraintException;
import io.github.llava4j.UnsupportedConstraintException;

/**
 * The remainder of a number by {@code divisor / 10^scale}, digit by digit: it is a multiple if, with the point moved {@code
 * scale} digits to the right, it is a whole number that {@code divisor} divides. Of remainders that all further digits treat
 * alike the least stands for all, so a divisor of 1,000 has 4 of them, not 1,000.
 */
final class Remainders {

  static final int MAX_DIVISOR = 10_000;

  /** Every number is a multiple. */
  static final Remainders NONE = new Remainders(1, Integer.MAX_VALUE);

  private static final int MAX_SCALE = 15;
  private static final int MAX_DIGITS = 50;
  /** After so many digits any remainder can have become any that it ever can. */
  private static final int ROUNDS = 5;

  private final int divisor;
  private final int scale;
  private final int[] representative;
  private final int classes;
  /** For a remainder the fewest further digits after which it can be 0. */
  private final byte[] least;

  private Remainders(int divisor, int scale) {
    this.divisor = divisor;
    this.scale = scale;
    representative = new int[divisor];
    classes = representatives();
    least = new byte[divisor];
    Arrays.fill(least, Byte.MAX_VALUE);
    least[0] = 0;
    for (int round = 1; round <= ROUNDS; round++) {
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
   * From remainder r, j digits w lead to 10^j r + w. That is a multiple for one w below 10^j or none while 10^j is below the
   * divisor, and from there on all depends on 10^j r alone.
   */
  private int representatives() {
    LongMap numbers = new LongMap();
    int[] first = new int[divisor];
    Arrays.fill(first, -1);
    for (int r = 0; r < divisor; r++) {
      long key = 0;
      int power = 1;
      for (; power < divisor; power *= 10) {
        int wanted = (int) ((divisor - (long) power * r % divisor) % divisor);
        key = key * (power + 1) + Math.min(wanted, power);
      }
      key = key * divisor + (long) power * r % divisor;
      int number = numbers.number(key);
      if (first[number] < 0) {
        first[number] = r;
      }
      representative[r] = first[number];
    }
    return numbers.size();
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

  int whole(int remainder, int digit) {
    return representative[(10 * remainder + digit) % divisor];
  }

  /** The remainder after a digit behind the point; -1 if the number can be no multiple any more. */
  int fraction(int remainder, int position, int digit) {
    if (position >= scale) {
      return digit == 0 && remainder == 0 ? 0 : -1;
    }
    int next = whole(remainder, digit);
    return least[next] <= scale - position - 1 ? next : -1;
  }

  /** Whether a number that ends after so many digits behind the point is a multiple. */
  boolean isZero(int remainder, int fractionDigits) {
    int rest = remainder;
    for (int i = fractionDigits; i < scale && rest != 0; i++) {
      rest = whole(rest, 0);
    }
    return rest == 0;
  }

  /** Whether a whole part with so many further digits, or fewer, and what is behind the point can make a multiple. */
  boolean canBecomeZero(int remainder, int digits) {
    return least[remainder] <= digits + (long) scale;
  }

  /**
   * How many digits of the whole part can be looked at with at most {@code states} states.
   *
   * @param most is enough
   * @throws UnsupportedConstraintException if there are too many digits behind the point for any
   */
  int digits(int states, int most) {
    if (divisor == 1) {
      return most;
    }
    int[] useful = useful();
    for (int digits = Math.min(most, MAX_DIGITS); digits > 0; digits--) {
      long sum = 0;
      for (int position = 1; position <= digits + scale; position++) {
        int reached = position > ROUNDS ? classes : Math.min(classes, (int) Math.pow(10, position));
        sum += Math.min(reached, useful[Math.min(digits + scale - position, ROUNDS)]);
      }
      if (sum <= states) {
        return digits;
      }
    }
    throw new UnsupportedConstraintException("multipleOf is " + BigDecimal.valueOf(divisor, scale)
        + ", which takes too many digits behind the point; take fewer, or a rounder number");
  }

  /** By the number of digits that may follow: how many remainders can still become a multiple. */
  private int[] useful() {
    int[] useful = new int[ROUNDS + 1];
    for (int r = 0; r < divisor; r++) {
      for (int digits = least[r]; representative[r] == r && digits <= ROUNDS; digits++) {
        useful[digits]++;
      }
    }
    return useful;
  }
}
