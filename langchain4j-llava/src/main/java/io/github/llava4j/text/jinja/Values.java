package io.github.llava4j.text.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * What values are and how Python's rules apply to them: null (none), {@link #UNDEFINED}, Boolean, Long, Double, {@link
 * Marked}, List, Map with {@link Marked} keys, {@link Function}.
 */
final class Values {

  /** What a name or key that is not there gives: empty where it is written, false where it is asked. */
  static final Object UNDEFINED = new Object();

  private static final int LONGEST = 1 << 26;

  private Values() {}

  /** What can be called; named arguments by their names. */
  interface Function {
    @Nullable Object call(List<@Nullable Object> places, Map<String, @Nullable Object> named);
  }

  static boolean truthy(@Nullable Object value) {
    return switch (value) {
      case null -> false;
      case Boolean flag -> flag;
      case Long number -> number != 0;
      case Double number -> number != 0;
      case Marked text -> text.length() > 0;
      case List<?> list -> !list.isEmpty();
      case Map<?, ?> map -> !map.isEmpty();
      default -> value != UNDEFINED;
    };
  }

  static boolean equal(@Nullable Object a, @Nullable Object b) {
    if (isNumber(a) && isNumber(b)) {
      return Double.compare(number(a), number(b)) == 0;
    }
    if (a instanceof List<?> x && b instanceof List<?> y) {
      boolean same = x.size() == y.size();
      for (int i = 0; same && i < x.size(); i++) {
        same = equal(x.get(i), y.get(i));
      }
      return same;
    }
    return a == null ? b == null : a.equals(b);
  }

  static boolean contains(@Nullable Object in, @Nullable Object value) {
    return switch (in) {
      case Marked text when value instanceof Marked part -> text.text().contains(part.text());
      case List<?> list -> list.stream().anyMatch(item -> equal(item, value));
      case Map<?, ?> map -> map.containsKey(value);
      case Object other when other == UNDEFINED -> false;
      case null, default -> throw new JinjaException("\"in\" does not go with " + kind(in));
    };
  }

  static int compare(@Nullable Object a, @Nullable Object b) {
    if (isNumber(a) && isNumber(b)) {
      return Double.compare(number(a), number(b));
    }
    if (a instanceof Marked x && b instanceof Marked y) {
      return x.text().compareTo(y.text());
    }
    throw new JinjaException("cannot compare " + kind(a) + " with " + kind(b));
  }

  static @Nullable Object binary(String operator, @Nullable Object a, @Nullable Object b) {
    if (operator.equals("~")) {
      return limited(text(a).length(), text(b).length(), () -> text(a).plus(text(b)));
    }
    if (operator.equals("+") && a instanceof Marked x && b instanceof Marked y) {
      return limited(x.length(), y.length(), () -> x.plus(y));
    }
    if (operator.equals("+") && a instanceof List<?> x && b instanceof List<?> y) {
      List<@Nullable Object> joined = new ArrayList<>(x);
      joined.addAll(y);
      return limited(x.size(), y.size(), () -> joined);
    }
    if (operator.equals("*") && a instanceof Marked x && b instanceof Long times) {
      long count = Math.max(0, times);
      if (count * Math.max(1, x.length()) > LONGEST || count > LONGEST) {
        throw new JinjaException("writes too much");
      }
      return Marked.join(Collections.nCopies((int) count, x), Marked.EMPTY);
    }
    if (!isNumber(a) || !isNumber(b)) {
      throw new JinjaException("\"" + operator + "\" does not go with " + kind(a) + " and " + kind(b));
    }
    if (a instanceof Double || b instanceof Double || operator.equals("/")) {
      return decimal(operator, number(a), number(b));
    }
    return whole(operator, (long) number(a), (long) number(b));
  }

  private static @Nullable Object limited(long a, long b, Supplier<@Nullable Object> value) {
    if (a + b > LONGEST) {
      throw new JinjaException("writes too much");
    }
    return value.get();
  }

  private static @Nullable Object decimal(String operator, double a, double b) {
    if (b == 0 && List.of("/", "//", "%").contains(operator)) {
      throw new JinjaException("division by zero");
    }
    return switch (operator) {
      case "+" -> a + b;
      case "-" -> a - b;
      case "*" -> a * b;
      case "/" -> a / b;
      case "//" -> Math.floor(a / b);
      case "%" -> a - b * Math.floor(a / b);
      default -> Math.pow(a, b);
    };
  }

  private static @Nullable Object whole(String operator, long a, long b) {
    if (b == 0 && List.of("//", "%").contains(operator)) {
      throw new JinjaException("division by zero");
    }
    return switch (operator) {
      case "+" -> a + b;
      case "-" -> a - b;
      case "*" -> a * b;
      case "//" -> Math.floorDiv(a, b);
      case "%" -> Math.floorMod(a, b);
      default -> b < 0 ? (Object) Math.pow(a, b) : (Object) (long) Math.pow(a, b);
    };
  }

  static boolean isNumber(@Nullable Object value) {
    return value instanceof Long || value instanceof Double || value instanceof Boolean;
  }

  static double number(@Nullable Object value) {
    return value instanceof Boolean flag ? flag ? 1 : 0 : ((Number) value).doubleValue();
  }

  /**
   * A value as it is written into the prompt. Lists, objects and functions have no such form: Python's would never be what
   * a template means.
   */
  static Marked text(@Nullable Object value) {
    return switch (value) {
      case Marked text -> text;
      case null -> Marked.of("None");
      case Boolean flag -> Marked.of(flag ? "True" : "False");
      case Long number -> Marked.of(number.toString());
      case Double number -> Marked.of(number.toString());
      default -> {
        if (value == UNDEFINED) {
          yield Marked.EMPTY;
        }
        throw new JinjaException("writes " + kind(value) + " where a text belongs");
      }
    };
  }

  static List<@Nullable Object> items(@Nullable Object value) {
    return switch (value) {
      case List<?> list -> new ArrayList<>(list);
      case Map<?, ?> map -> new ArrayList<>(map.keySet());
      case Marked text -> {
        List<@Nullable Object> characters = new ArrayList<>();
        for (int i = 0; i < text.length(); ) {
          int next = i + Character.charCount(text.text().codePointAt(i));
          characters.add(text.slice(i, next));
          i = next;
        }
        yield characters;
      }
      case Object other when other == UNDEFINED -> List.of();
      case null, default -> throw new JinjaException("cannot go through " + kind(value));
    };
  }

  /** {@code value[key]}, or {@link #UNDEFINED}. */
  static @Nullable Object item(@Nullable Object value, @Nullable Object key) {
    if (value == UNDEFINED) {
      throw new JinjaException("reads " + key + " of something that is not there");
    }
    if (value instanceof Map<?, ?> map && map.containsKey(key)) {
      return map.get(key);
    }
    if (key instanceof Long index && (value instanceof List<?> || value instanceof Marked)) {
      List<@Nullable Object> items = items(value);
      long at = index < 0 ? index + items.size() : index;
      return at >= 0 && at < items.size() ? items.get((int) at) : UNDEFINED;
    }
    return UNDEFINED;
  }

  static @Nullable Object slice(@Nullable Object value, @Nullable Object from, @Nullable Object to, @Nullable Object step) {
    List<@Nullable Object> items = items(value);
    long by = step instanceof Long number ? number : 1;
    if (by == 0) {
      throw new JinjaException("a slice with step 0");
    }
    int size = items.size();
    long first = bound(from, by > 0 ? 0 : size - 1, size, by > 0 ? 0 : -1, by > 0 ? size : size - 1);
    long last = bound(to, by > 0 ? size : -1, size, by > 0 ? 0 : -1, by > 0 ? size : size - 1);
    List<@Nullable Object> out = new ArrayList<>();
    for (long i = first; by > 0 ? i < last : i > last; i += by) {
      out.add(items.get((int) i));
    }
    return value instanceof Marked ? Marked.join(out.stream().map(Marked.class::cast).toList(), Marked.EMPTY) : out;
  }

  private static long bound(@Nullable Object value, long otherwise, int size, long least, long most) {
    if (!(value instanceof Long bound)) {
      return otherwise;
    }
    return Math.clamp(bound < 0 ? bound + size : bound, least, most);
  }

  /** A map whose keys are texts. */
  static Map<Object, @Nullable Object> map() {
    return new LinkedHashMap<>();
  }

  static String kind(@Nullable Object value) {
    return switch (value) {
      case null -> "none";
      case Boolean flag -> "a truth value";
      case Long number -> "a number";
      case Double number -> "a number";
      case Marked text -> "a text";
      case List<?> list -> "a list";
      case Map<?, ?> map -> "an object";
      default -> value == UNDEFINED ? "something that is not there" : "a function";
    };
  }
}
