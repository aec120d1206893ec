package io.github.llava4j.constraint.schema;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.llava4j.ConstraintException;
import io.github.llava4j.constraint.regular.Language;
import io.github.llava4j.constraint.regular.Numbers;
import org.jspecify.annotations.Nullable;

/** Numbers between bounds. All arithmetic is exact. */
final class NumberShapes {

  /** Numbers written without an exponent: these have few enough spellings to take some away. */
  private static final Language PLAIN =
      Language.union(Language.range('0', '9'), Language.of("."), Language.of("-")).repeat(1, Integer.MAX_VALUE);

  private final Session session;
  private final Map<Bounds, Language> known = new HashMap<>();

  NumberShapes(Session session) {
    this.session = session;
  }

  private record Bounds(
      boolean integer,
      @Nullable BigDecimal min,
      boolean minExclusive,
      @Nullable BigDecimal max,
      boolean maxExclusive,
      @Nullable BigDecimal multiple) {

    static final Bounds NONE = new Bounds(false, null, false, null, false, null);

    Bounds atLeast(BigDecimal bound, boolean exclusive) {
      int order = min == null ? 1 : bound.compareTo(min);
      boolean tighter = order > 0 || order == 0 && exclusive;
      return tighter ? new Bounds(integer, bound, exclusive, max, maxExclusive, multiple) : this;
    }

    Bounds atMost(BigDecimal bound, boolean exclusive) {
      int order = max == null ? -1 : bound.compareTo(max);
      boolean tighter = order < 0 || order == 0 && exclusive;
      return tighter ? new Bounds(integer, min, minExclusive, bound, exclusive, multiple) : this;
    }

    Bounds multipleOf(BigDecimal other) {
      return new Bounds(integer, min, minExclusive, max, maxExclusive, multiple == null ? other : common(multiple, other));
    }

    Bounds whole() {
      return new Bounds(true, min, minExclusive, max, maxExclusive, multiple);
    }

    boolean isEmpty() {
      int order = min == null || max == null ? -1 : min.compareTo(max);
      return order > 0 || order == 0 && (minExclusive || maxExclusive);
    }
  }

  Shape shape(Branch branch, List<JsonNode> excluded, boolean loose) {
    Bounds bounds = Bounds.NONE;
    Place owner = null;
    Place multiplier = null;
    for (Place place : branch.leaves.keySet()) {
      if (place.has("minimum")) {
        bounds = bounds.atLeast(place.number("minimum"), isFlag(place, "exclusiveMinimum"));
        owner = place;
      }
      if (place.has("maximum")) {
        bounds = bounds.atMost(place.number("maximum"), isFlag(place, "exclusiveMaximum"));
        owner = place;
      }
      if (place.has("exclusiveMinimum") && !place.child("exclusiveMinimum").node.isBoolean()) {
        bounds = bounds.atLeast(place.number("exclusiveMinimum"), true);
        owner = place;
      }
      if (place.has("exclusiveMaximum") && !place.child("exclusiveMaximum").node.isBoolean()) {
        bounds = bounds.atMost(place.number("exclusiveMaximum"), true);
        owner = place;
      }
      if (place.has("multipleOf")) {
        bounds = bounds.multipleOf(Session.multiple(place));
        multiplier = place;
      }
    }
    List<BigDecimal> notMultiples = new ArrayList<>();
    for (Atom atom : branch.atoms) {
      if (atom instanceof Atom.Violated violated && Keywords.NUMBERS.contains(violated.keyword())) {
        Place place = violated.place();
        owner = place;
        switch (violated.keyword()) {
          case "minimum" -> bounds = bounds.atMost(place.number("minimum"), !isFlag(place, "exclusiveMinimum"));
          case "maximum" -> bounds = bounds.atLeast(place.number("maximum"), !isFlag(place, "exclusiveMaximum"));
          case "exclusiveMinimum" -> bounds = bounds.atMost(place.number("exclusiveMinimum"), false);
          case "exclusiveMaximum" -> bounds = bounds.atLeast(place.number("exclusiveMaximum"), false);
          default -> notMultiples.add(Session.multiple(place));
        }
      }
    }
    if ((branch.types & Types.FRACTION) == 0) {
      bounds = bounds.whole();
    } else if ((branch.types & Types.INTEGER) == 0) {
      notMultiples.add(BigDecimal.ONE);
    }
    try {
      Language language = language(bounds);
      return new Shape.Numbers(without(language, bounds.integer, notMultiples, excluded));
    } catch (ConstraintException e) {
      if (!loose) {
        Place place = multiplier != null ? multiplier : owner != null ? owner : session.document.root;
        session.unsupported(place, multiplier != null ? "multipleOf" : "minimum", e.getMessage(), true);
      }
      return new Shape.Numbers(language(bounds.integer ? Bounds.NONE.whole() : Bounds.NONE));
    }
  }

  private static boolean isFlag(Place place, String keyword) {
    return place.has(keyword) && place.child(keyword).node.isBoolean() && place.flag(keyword);
  }

  private Language language(Bounds bounds) {
    Language result = known.get(bounds);
    if (result == null) {
      result = bounds.isEmpty() ? Language.none() : bounds.integer ? integers(bounds) : numbers(bounds);
      session.work.spend(20 + result.states());
      known.put(bounds, result);
    }
    return result;
  }

  private static Language numbers(Bounds bounds) {
    return Numbers.number(bounds.min, bounds.minExclusive, bounds.max, bounds.maxExclusive, bounds.multiple);
  }

  private Language integers(Bounds bounds) {
    BigInteger min = null;
    if (bounds.min != null) {
      min = bounds.min.setScale(0, RoundingMode.CEILING).toBigInteger();
      boolean itself = bounds.minExclusive && bounds.min.compareTo(new BigDecimal(min)) == 0;
      min = itself ? min.add(BigInteger.ONE) : min;
    }
    BigInteger max = null;
    if (bounds.max != null) {
      max = bounds.max.setScale(0, RoundingMode.FLOOR).toBigInteger();
      boolean itself = bounds.maxExclusive && bounds.max.compareTo(new BigDecimal(max)) == 0;
      max = itself ? max.subtract(BigInteger.ONE) : max;
    }
    if (min != null && max != null && min.compareTo(max) > 0) {
      return Language.none();
    }
    BigInteger multiple = bounds.multiple == null ? null : common(bounds.multiple, BigDecimal.ONE).toBigIntegerExact();
    return Numbers.integer(
        min, max, BigInteger.ONE.equals(multiple) ? null : multiple, session.options.maxIntegerDigits());
  }

  private Language without(Language all, boolean integer, List<BigDecimal> notMultiples, List<JsonNode> excluded) {
    Language result = all;
    for (BigDecimal multiple : notMultiples) {
      Bounds multiples = Bounds.NONE.multipleOf(multiple);
      result = result.and(PLAIN).minus(language(integer ? multiples.whole() : multiples));
    }
    for (JsonNode value : excluded) {
      if (value.isNumber()) {
        BigDecimal number = value.decimalValue();
        result =
            integer
                ? result.minus(language(Bounds.NONE.whole().atLeast(number, false).atMost(number, false)))
                : result
                    .and(PLAIN)
                    .minus(language(Bounds.NONE.atLeast(number, false).atMost(number, false)));
      }
      session.work.spend(10);
    }
    return result;
  }

  /** Least common multiple. */
  private static BigDecimal common(BigDecimal a, BigDecimal b) {
    int scale = Math.max(0, Math.max(a.scale(), b.scale()));
    BigInteger x = a.setScale(scale, RoundingMode.UNNECESSARY).unscaledValue();
    BigInteger y = b.setScale(scale, RoundingMode.UNNECESSARY).unscaledValue();
    return new BigDecimal(x.divide(x.gcd(y)).multiply(y), scale);
  }
}
