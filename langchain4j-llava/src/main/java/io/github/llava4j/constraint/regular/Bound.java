package io.github.llava4j.constraint.regular;

import java.math.BigDecimal;

import io.github.llava4j.UnsupportedConstraintException;

/**
 * A bound of a magnitude as decimal digits, for comparing with a number while it is written.
 *
 * @param whole digits in front of the point, without leading zeros (but "0")
 * @param fraction digits behind it, without trailing zeros
 */
record Bound(String whole, String fraction, boolean exclusive) {

  private static final int MAX_DIGITS = 500;

  /**
   * The bound at a value that is not negative.
   *
   * @throws UnsupportedConstraintException if it has more digits than can be handled
   */
  static Bound of(BigDecimal value, boolean exclusive) {
    BigDecimal stripped = value.stripTrailingZeros();
    if (Math.abs((long) stripped.scale()) > MAX_DIGITS || stripped.precision() > MAX_DIGITS) {
      throw new UnsupportedConstraintException("a bound has more than " + MAX_DIGITS + " digits; leave it out");
    }
    String plain = stripped.toPlainString();
    int point = plain.indexOf('.');
    return point < 0 ? new Bound(plain, "", exclusive) : new Bound(plain.substring(0, point), plain.substring(point + 1), exclusive);
  }

  /** Compares a digit of the whole part, the first is 0, given how those before compare. Meaningful up to the bound's length. */
  int compareWhole(int before, int position, int digit) {
    return before != 0 || position >= whole.length() ? before : Integer.compare(digit, whole.charAt(position) - '0');
  }

  /** How the whole part compares that has {@code digits} digits. */
  int compareWhole(int digitsCompared, int digits) {
    return digits == whole.length() ? digitsCompared : Integer.compare(digits, whole.length());
  }

  /** Compares a digit behind the point. */
  int compareFraction(int before, int position, int digit) {
    int own = position < fraction.length() ? fraction.charAt(position) - '0' : 0;
    return before != 0 ? before : Integer.compare(digit, own);
  }

  /** How a number compares that ends here. */
  int compareEnd(int before, int fractionDigits) {
    return before == 0 && fractionDigits < fraction.length() ? -1 : before;
  }
}
