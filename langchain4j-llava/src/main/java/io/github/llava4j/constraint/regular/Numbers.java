package io.github.llava4j.constraint.regular;

import java.math.BigDecimal;
import java.math.BigInteger;

import org.jspecify.annotations.Nullable;

/**
 * Numbers as JSON writes them, in decimal digits and within bounds. No {@code -0}; the number of digits is limited, so that
 * a number ends.
 */
public final class Numbers {

  private static final int WHOLE_DIGITS = 15;
  private static final int FRACTION_DIGITS = 15;
  private static final int MAX_DIGITS = 500;
  /** States that a multiple may cost before it gets fewer digits. */
  private static final int STATES = 4_000;

  private static final class Free {

    private static final String EXPONENT = "(?:[eE][+-]?[0-9]{1,2})?";
    private static final Language NUMBER = pattern("-?(?:0|[1-9][0-9]{0,14})(?:\\.[0-9]{1,15})?" + EXPONENT)
        .minus(pattern("-0(?:\\.0+)?" + EXPONENT), Deadline.none());

    private static Language pattern(String pattern) {
      return new PatternParser(pattern, Deadline.none()).parse().language();
    }
  }

  private Numbers() {}

  /**
   * Integers: {@code -?(0|[1-9][0-9]*)}.
   *
   * @param min least value, or no limit
   * @param max greatest value, or no limit
   * @param multipleOf the value is a multiple of it, or null
   * @param maxDigits most digits; but as many as the bound that is nearer to 0 has, if without them there were no value; and
   *     fewer if {@code multipleOf} is large and not round: 9 for 997, 7 for 9,973
   * @return {@link Language#none()} if the bounds exclude all
   * @throws io.github.llava4j.UnsupportedConstraintException if {@code multipleOf} is above 10,000 or a bound has hundreds of
   *     digits
   * @throws io.github.llava4j.ConstraintException if {@code multipleOf} is not positive
   */
  public static Language integer(@Nullable BigInteger min, @Nullable BigInteger max, @Nullable BigInteger multipleOf,
      int maxDigits) {
    Range range = new Range(decimal(min), false, decimal(max), false);
    Remainders remainders = multipleOf == null ? Remainders.NONE : Remainders.of(new BigDecimal(multipleOf));
    Deadline deadline = Deadline.start();
    int digits = remainders.digits(STATES, Math.clamp(maxDigits, 1, MAX_DIGITS));
    Language language = signed(range, digits, 0, remainders, deadline);
    int needed = range.leastDigits();
    return language.isNone() && needed > digits ? signed(range, needed, 0, remainders, deadline) : language;
  }

  /**
   * Numbers with up to 15 digits before and 15 behind the point; without bounds and {@code multipleOf} also with an exponent
   * of up to two digits. More digits only if without them there were no value; before the point fewer if {@code multipleOf}
   * has many digits, as with {@link #integer}.
   *
   * @param min least value, or no limit
   * @param max greatest value, or no limit
   * @param multipleOf the value is a multiple of it, or null
   * @return {@link Language#none()} if the bounds exclude all
   * @throws io.github.llava4j.UnsupportedConstraintException if {@code multipleOf} is not a whole number up to 10,000, possibly
   *     with the point moved to the left, or a bound has hundreds of digits
   * @throws io.github.llava4j.ConstraintException if {@code multipleOf} is not positive
   */
  public static Language number(@Nullable BigDecimal min, boolean minExclusive, @Nullable BigDecimal max, boolean maxExclusive,
      @Nullable BigDecimal multipleOf) {
    if (min == null && max == null && multipleOf == null) {
      return Free.NUMBER;
    }
    Range range = new Range(min, minExclusive, max, maxExclusive);
    Remainders remainders = multipleOf == null ? Remainders.NONE : Remainders.of(multipleOf);
    Deadline deadline = Deadline.start();
    int whole = remainders.digits(STATES, WHOLE_DIGITS);
    Language language = signed(range, whole, FRACTION_DIGITS, remainders, deadline);
    if (!language.isNone()) {
      return language;
    }
    int moreWhole = Math.max(whole, range.leastDigits());
    int moreFraction = Math.clamp(range.fractionDigits() + 1L, FRACTION_DIGITS, MAX_DIGITS);
    return moreWhole == whole && moreFraction == FRACTION_DIGITS ? language
        : signed(range, moreWhole, moreFraction, remainders, deadline);
  }

  private static @Nullable BigDecimal decimal(@Nullable BigInteger value) {
    return value == null ? null : new BigDecimal(value);
  }

  private static Language signed(Range range, int whole, int fraction, Remainders remainders, Deadline deadline) {
    Magnitude positive = !range.hasPositive() ? null
        : new Magnitude(range.positiveLow(), range.positiveHigh(), whole, fraction, remainders);
    Magnitude negative = !range.hasNegative() ? null
        : new Magnitude(range.negativeLow(), range.negativeHigh(), whole, fraction, remainders);
    return new Signed(positive, negative).language(Magnitude.ALPHABET, deadline);
  }

  /** From a least to a greatest value. */
  private record Range(@Nullable BigDecimal min, boolean minExclusive, @Nullable BigDecimal max, boolean maxExclusive) {

    boolean hasPositive() {
      return max == null || max.signum() >= 0;
    }

    boolean hasNegative() {
      return min == null || min.signum() < 0;
    }

    @Nullable Bound positiveLow() {
      return min == null || min.signum() < 0 ? null : Bound.of(min, minExclusive);
    }

    @Nullable Bound positiveHigh() {
      return max == null ? null : Bound.of(max, maxExclusive);
    }

    /** There is no -0. */
    Bound negativeLow() {
      return max == null || max.signum() >= 0 ? Bound.of(BigDecimal.ZERO, true) : Bound.of(max.negate(), maxExclusive);
    }

    @Nullable Bound negativeHigh() {
      return min == null ? null : Bound.of(min.negate(), minExclusive);
    }

    /** Digits before the point of the value nearest to 0, or one more. */
    int leastDigits() {
      BigDecimal nearest = min != null && min.signum() > 0 ? min : max != null && max.signum() < 0 ? max : BigDecimal.ZERO;
      return Math.clamp((long) nearest.precision() - nearest.scale() + 1, 1, MAX_DIGITS);
    }

    long fractionDigits() {
      return Math.max(min == null ? 0L : min.scale(), max == null ? 0L : max.scale());
    }
  }
}
