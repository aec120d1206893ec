package io.github.llava4j.constraint.regular;

import org.jspecify.annotations.Nullable;

/**
 * Decimal numbers without a sign, digit by digit: within bounds, and multiples of {@code divisor / 10^scale}.
 *
 * <p>A state holds where in the number it is, how many digits there were before and behind the point, how they compare with
 * the digits of the two bounds, and the remainder. What can no longer become a number in bounds is dead at once where that
 * is easily seen; the rest the minimiser removes.
 */
final class Magnitude {

  static final Alphabet ALPHABET = Alphabet.ofEach('-', '.', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9');

  static final int MINUS = 0;
  private static final int POINT = 1;
  private static final int DIGIT_0 = 2;

  private static final int START = 0;
  private static final int ZERO = 1;
  private static final int WHOLE = 2;
  private static final int AT_POINT = 3;
  private static final int FRACTION = 4;

  static final long START_STATE = pack(START, 0, 0, 0, 0, 0);

  private final @Nullable Bound low;
  private final @Nullable Bound high;
  private final int wholeDigits;
  private final int fractionDigits;
  private final Remainders remainders;

  Magnitude(@Nullable Bound low, @Nullable Bound high, int wholeDigits, int fractionDigits, Remainders remainders) {
    this.low = low;
    this.high = high;
    this.wholeDigits = high == null ? wholeDigits : Math.min(wholeDigits, high.whole().length());
    this.fractionDigits = fractionDigits;
    this.remainders = remainders;
  }

  private static long pack(int phase, int whole, int fraction, int toLow, int toHigh, int remainder) {
    return ((((long) phase << 10 | whole) << 10 | fraction) << 2 | (toLow + 1)) << 16 | (long) (toHigh + 1) << 14 | remainder;
  }

  private static int phase(long state) {
    return (int) (state >> 38);
  }

  private static int whole(long state) {
    return (int) (state >> 28 & 1023);
  }

  private static int fraction(long state) {
    return (int) (state >> 18 & 1023);
  }

  private static int toLow(long state) {
    return (int) (state >> 16 & 3) - 1;
  }

  private static int toHigh(long state) {
    return (int) (state >> 14 & 3) - 1;
  }

  private static int remainder(long state) {
    return (int) (state & 16383);
  }

  long next(long state, int symbol) {
    int phase = phase(state);
    if (symbol == POINT) {
      return phase == ZERO || phase == WHOLE ? point(state) : Machine.DEAD;
    }
    if (symbol == MINUS) {
      return Machine.DEAD;
    }
    int digit = symbol - DIGIT_0;
    return switch (phase) {
      case START -> wholeDigit(state, digit == 0 ? ZERO : WHOLE, digit);
      case WHOLE -> wholeDigit(state, WHOLE, digit);
      case AT_POINT, FRACTION -> fractionDigit(state, digit);
      default -> Machine.DEAD;
    };
  }

  private long wholeDigit(long state, int phase, int digit) {
    int position = whole(state);
    if (position == wholeDigits) {
      return Machine.DEAD;
    }
    int toLow = low == null ? 0 : low.compareWhole(toLow(state), position, digit);
    int toHigh = high == null ? 0 : high.compareWhole(toHigh(state), position, digit);
    if (!canBeInBounds(position + 1, toLow, toHigh)) {
      return Machine.DEAD;
    }
    int remainder = remainders.whole(remainder(state), digit);
    if (!remainders.canBecomeZero(remainder, wholeDigits - position - 1)) {
      return Machine.DEAD;
    }
    return pack(phase, position + 1, 0, toLow, toHigh, remainder);
  }

  /** Whether there is a length of the whole part with which the number may be in bounds. */
  private boolean canBeInBounds(int digits, int toLow, int toHigh) {
    int least = low == null ? 1 : low.whole().length();
    for (int length = Math.max(digits, least); length <= wholeDigits; length++) {
      boolean tooLow = low != null && length == least && toLow < 0;
      boolean tooHigh = high != null && length == high.whole().length() && toHigh > 0;
      if (!tooLow && !tooHigh) {
        return true;
      }
    }
    return false;
  }

  private long point(long state) {
    if (fractionDigits == 0) {
      return Machine.DEAD;
    }
    return pack(AT_POINT, 0, 0, wholeToLow(state), wholeToHigh(state), remainder(state));
  }

  private int wholeToLow(long state) {
    return low == null ? 0 : low.compareWhole(toLow(state), whole(state));
  }

  private int wholeToHigh(long state) {
    return high == null ? 0 : high.compareWhole(toHigh(state), whole(state));
  }

  private long fractionDigit(long state, int digit) {
    int position = fraction(state);
    int remainder = remainders.fraction(remainder(state), position, digit);
    if (position == fractionDigits || remainder < 0) {
      return Machine.DEAD;
    }
    int toLow = low == null ? 0 : low.compareFraction(toLow(state), position, digit);
    int toHigh = high == null ? 0 : high.compareFraction(toHigh(state), position, digit);
    if (toHigh > 0 && high != null) {
      return Machine.DEAD;
    }
    return pack(FRACTION, 0, position + 1, toLow, toHigh, remainder);
  }

  boolean accepts(long state) {
    int phase = phase(state);
    if (phase == START || phase == AT_POINT) {
      return false;
    }
    boolean isWhole = phase != FRACTION;
    int digits = fraction(state);
    if (low != null) {
      int compared = low.compareEnd(isWhole ? wholeToLow(state) : toLow(state), digits);
      if (compared < 0 || compared == 0 && low.exclusive()) {
        return false;
      }
    }
    if (high != null) {
      int compared = high.compareEnd(isWhole ? wholeToHigh(state) : toHigh(state), digits);
      if (compared > 0 || compared == 0 && high.exclusive()) {
        return false;
      }
    }
    return remainders.isZero(remainder(state), digits);
  }
}
