package io.github.llava4j.constraint.regular;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.github.llava4j.ConstraintException;
import io.github.llava4j.UnsupportedConstraintException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class NumbersTest {

  private static final String CHARACTERS = "-0123456789.eE+";
  private static final List<String> SHORT = shortTexts();

  private static List<String> shortTexts() {
    List<String> texts = new ArrayList<>(List.of(""));
    int from = 0;
    for (int length = 1; length <= 3; length++) {
      int to = texts.size();
      for (int i = from; i < to; i++) {
        for (char c : CHARACTERS.toCharArray()) {
          texts.add(texts.get(i) + c);
        }
      }
      from = to;
    }
    return texts;
  }

  @Test
  void integersAreThoseInBounds() {
    Random random = new Random(1);
    for (int i = 0; i < 300; i++) {
      BigInteger min = random.nextInt(4) == 0 ? null : integer(random);
      BigInteger max = random.nextInt(4) == 0 ? null : min == null ? integer(random) : min.add(integer(random).abs());
      BigInteger step = random.nextBoolean() ? null : BigInteger.valueOf(1 + random.nextInt(random.nextBoolean() ? 12 : 200));
      Language language = Numbers.integer(min, max, step, 18);
      List<String> texts = new ArrayList<>(SHORT);
      around(texts, min, step, random);
      around(texts, max, step, random);
      for (String text : texts) {
        boolean expected = text.matches("-?(0|[1-9][0-9]{0,17})") && !text.equals("-0") && holds(new BigDecimal(text), decimal(min),
            false, decimal(max), false, decimal(step));
        check(language, text, expected, "integer", min, max, step);
      }
    }
  }

  private static void around(List<String> texts, @Nullable BigInteger bound, @Nullable BigInteger step, Random random) {
    BigInteger middle = bound == null ? integer(random) : bound;
    for (int i = -12; i <= 12; i++) {
      texts.add(middle.add(BigInteger.valueOf(i)).toString());
      texts.add(middle.add(BigInteger.valueOf(i)).shiftRight(1).toString());
    }
    if (step != null) {
      for (int i = -3; i <= 3; i++) {
        texts.add(middle.divide(step).add(BigInteger.valueOf(i)).multiply(step).toString());
      }
    }
  }

  @Test
  void numbersAreThoseInBounds() {
    Random random = new Random(2);
    for (int i = 0; i < 300; i++) {
      BigDecimal min = random.nextInt(4) == 0 ? null : decimal(random);
      BigDecimal max = random.nextInt(4) == 0 ? null : min == null ? decimal(random) : min.add(decimal(random).abs());
      BigDecimal step = random.nextBoolean() ? null : new BigDecimal(BigInteger.valueOf(1 + random.nextInt(60)), random.nextInt(4));
      if (min == null && max == null && step == null) {
        continue;
      }
      boolean minExclusive = random.nextBoolean();
      boolean maxExclusive = random.nextBoolean();
      Language language = Numbers.number(min, minExclusive, max, maxExclusive, step);
      List<String> texts = new ArrayList<>(SHORT);
      for (BigDecimal bound : new BigDecimal[] {min, max, decimal(random)}) {
        if (bound != null) {
          for (int j = 0; j < 60; j++) {
            BigDecimal near = bound.add(new BigDecimal(BigInteger.valueOf(random.nextInt(41) - 20), random.nextInt(6)));
            texts.add(near.toPlainString());
            texts.add(near.toPlainString() + (near.scale() > 0 ? "0" : ".0"));
            if (step != null) {
              texts.add(near.divideToIntegralValue(step).multiply(step).toPlainString());
            }
          }
        }
      }
      for (String text : texts) {
        boolean expected = text.matches("-?(0|[1-9][0-9]{0,14})(\\.[0-9]{1,15})?") && !text.matches("-0(\\.0*)?")
            && holds(new BigDecimal(text), min, minExclusive, max, maxExclusive, step);
        check(language, text, expected, "number", min + (minExclusive ? " excl" : ""), max + (maxExclusive ? " excl" : ""), step);
      }
    }
  }

  private static void check(Language language, String text, boolean expected, Object... about) {
    if (language.contains(text) != expected) {
      assertThat(language.contains(text)).as("<%s> in %s", text, List.of(java.util.Arrays.toString(about))).isEqualTo(expected);
    }
  }

  private static boolean holds(BigDecimal value, @Nullable BigDecimal min, boolean minExclusive, @Nullable BigDecimal max,
      boolean maxExclusive, @Nullable BigDecimal step) {
    return (min == null || value.compareTo(min) >= (minExclusive ? 1 : 0))
        && (max == null || value.compareTo(max) <= (maxExclusive ? -1 : 0))
        && (step == null || value.remainder(step).signum() == 0);
  }

  private static BigInteger integer(Random random) {
    BigInteger value = new BigInteger(random.nextInt(random.nextBoolean() ? 8 : 40), random);
    return random.nextBoolean() ? value : value.negate();
  }

  private static BigDecimal decimal(Random random) {
    return new BigDecimal(integer(random), random.nextInt(5) - 1);
  }

  private static @Nullable BigDecimal decimal(@Nullable BigInteger value) {
    return value == null ? null : new BigDecimal(value);
  }

  @Test
  void freeNumbersAreJsonWithLimits() {
    Language number = Numbers.number(null, false, null, false, null);

    for (String text : SHORT) {
      boolean json = text.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
      check(number, text, json && !text.matches("-0(\\.0+)?([eE].*)?"), "free");
    }
    assertThat(number.contains("-123456789012345.123456789012345E-99")).isTrue();
    assertThat(number.contains("1234567890123456")).isFalse();
    assertThat(number.contains("1.1234567890123456")).isFalse();
    assertThat(number.contains("1e100")).isFalse();
    assertThat(number.contains("-0.00e+5")).isFalse();
    assertThat(number.contains("-0.01e+5")).isTrue();
    assertThat(Numbers.integer(null, null, null, 18).longestLength()).isEqualTo(19);
    assertThat(Numbers.integer(null, null, null, 1).longestLength()).isEqualTo(2);
  }

  @Test
  void boundsAreExact() {
    assertThat(Numbers.number(new BigDecimal("0.1"), true, null, false, null).contains("0.1")).isFalse();
    assertThat(Numbers.number(new BigDecimal("0.1"), true, null, false, null).contains("0.10")).isFalse();
    assertThat(Numbers.number(new BigDecimal("0.1"), true, null, false, null).contains("0.100000000000001")).isTrue();
    assertThat(Numbers.number(new BigDecimal("1e308"), false, null, false, null).shortestLength()).isEqualTo(309);
    assertThat(Numbers.number(null, false, new BigDecimal("1e308"), false, null).contains("999999999999999")).isTrue();
    assertThat(Numbers.number(new BigDecimal("0"), false, new BigDecimal("0"), false, null).contains("0.0")).isTrue();
    assertThat(Numbers.number(new BigDecimal("1e-20"), false, new BigDecimal("2e-20"), true, null).contains("0.00000000000000000001"))
        .isTrue();
    assertThat(Numbers.integer(new BigInteger("9223372036854775807"), null, null, 18).contains("9223372036854775807")).isTrue();
    assertThat(Numbers.integer(BigInteger.TWO, BigInteger.ONE, null, 18).isNone()).isTrue();
    assertThat(Numbers.integer(BigInteger.ONE, BigInteger.valueOf(4), BigInteger.valueOf(5), 18).isNone()).isTrue();
    assertThat(Numbers.integer(BigInteger.valueOf(7), BigInteger.valueOf(7), null, 18)).isEqualTo(Language.of("7"));
    assertThat(Numbers.number(BigDecimal.ONE, true, BigDecimal.ONE, false, null).isNone()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {7, 64, 100, 997, 1_000, 2_500, 4_999, 9_973, 9_984, 10_000})
  void multiplesOfLargeNumbersHaveFewerDigits(int step) {
    BigInteger divisor = BigInteger.valueOf(step);
    Language language = Numbers.integer(null, null, divisor, 18);
    Random random = new Random(step);

    assertThat(language.longestLength()).isGreaterThanOrEqualTo(8);
    for (int i = 0; i < 2_000; i++) {
      int value = random.nextInt(10_000_000);
      assertThat(language.contains("" + value)).isEqualTo(value % step == 0);
      assertThat(language.contains("" + value / step * step)).isTrue();
      assertThat(new BigInteger(RandomText.of(language, random, 20)).mod(divisor)).isZero();
    }
  }

  @Test
  void aLargeStepStillReachesItsBounds() {
    Language language = Numbers.integer(new BigInteger("1000000000000"), new BigInteger("1000000100000"), BigInteger.valueOf(9_973), 18);

    assertThat(language.isNone()).isFalse();
    assertThat(new BigInteger(RandomText.of(language, new Random(1), 20)).mod(BigInteger.valueOf(9_973))).isZero();
  }

  @ParameterizedTest
  @CsvSource({"10001", "1E+5", "0.12345", "1E-16", "1E+400", "3.14159", "9.973E-12"})
  void refusesStepsThatItCannotCount(BigDecimal step) {
    assertThatThrownBy(() -> Numbers.number(null, false, null, false, step))
        .isInstanceOf(UnsupportedConstraintException.class)
        .hasMessageContaining("multipleOf is " + step);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-2", "0.00"})
  void refusesStepsThatAreNone(BigDecimal step) {
    assertThatThrownBy(() -> Numbers.number(null, false, null, false, step))
        .isExactlyInstanceOf(ConstraintException.class)
        .hasMessageContaining("greater than 0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e501", "-1e1000000000", "1e-501"})
  void refusesBoundsOfHundredsOfDigits(BigDecimal bound) {
    assertThatThrownBy(() -> Numbers.number(bound, false, null, false, null))
        .isInstanceOf(UnsupportedConstraintException.class)
        .hasMessageContaining("digits");
  }
}
