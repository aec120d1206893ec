package io.github.llava4j.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

import io.github.llava4j.text.jinja.Values.Function;
import org.jspecify.annotations.Nullable;

/** Python's methods of texts and objects, those that do not change them. */
final class Methods {

  private Methods() {}

  /** The method of that name, or null if {@code value} has none. */
  static @Nullable Function of(@Nullable Object value, String name) {
    return switch (value) {
      case Marked text -> of(text, name);
      case Map<?, ?> map -> of(map, name);
      case null, default -> null;
    };
  }

  private static @Nullable Function of(Map<?, ?> map, String name) {
    return switch (name) {
      case "items" -> (places, named) -> pairs(map);
      case "keys" -> (places, named) -> new ArrayList<>(map.keySet());
      case "values" -> (places, named) -> new ArrayList<>(map.values());
      case "get" -> (places, named) -> map.containsKey(places.getFirst())
          ? map.get(places.getFirst())
          : places.size() > 1 ? places.get(1) : null;
      default -> null;
    };
  }

  static List<@Nullable Object> pairs(Map<?, ?> map) {
    List<@Nullable Object> pairs = new ArrayList<>();
    map.forEach((key, value) -> {
      List<@Nullable Object> pair = new ArrayList<>();
      pair.add(key);
      pair.add(value);
      pairs.add(pair);
    });
    return pairs;
  }

  private static @Nullable Function of(Marked text, String name) {
    String plain = text.text();
    return switch (name) {
      case "strip" -> (places, named) -> text.stripped(set(places), true, true);
      case "lstrip" -> (places, named) -> text.stripped(set(places), true, false);
      case "rstrip" -> (places, named) -> text.stripped(set(places), false, true);
      case "upper" -> (places, named) -> text.mapped(plain.toUpperCase(Locale.ROOT));
      case "lower" -> (places, named) -> text.mapped(plain.toLowerCase(Locale.ROOT));
      case "title" -> (places, named) -> text.mapped(title(plain));
      case "capitalize" -> (places, named) -> text.mapped(capitalized(plain));
      case "startswith" -> (places, named) -> any(places.getFirst(), plain::startsWith);
      case "endswith" -> (places, named) -> any(places.getFirst(), plain::endsWith);
      case "find" -> (places, named) -> (long) plain.indexOf(argument(places, 0));
      case "count" -> (places, named) -> (long) text.split(argument(places, 0), -1, false).size() - 1;
      case "split" -> (places, named) -> pieces(text, places, named, false);
      case "rsplit" -> (places, named) -> pieces(text, places, named, true);
      case "splitlines" -> (places, named) -> {
        List<Marked> lines = text.split("\n", -1, false);
        return new ArrayList<@Nullable Object>(lines.getLast().length() == 0 ? lines.subList(0, lines.size() - 1) : lines);
      };
      case "replace" -> (places, named) -> text.replaced(
          argument(places, 0), Values.text(places.get(1)), places.size() > 2 ? ((Long) places.get(2)).intValue() : -1);
      case "join" -> (places, named) ->
          Marked.join(Values.items(places.getFirst()).stream().map(Values::text).toList(), text);
      case "isdigit" -> (places, named) -> !plain.isEmpty() && plain.chars().allMatch(Character::isDigit);
      case "isupper" -> (places, named) ->
          !plain.equals(plain.toLowerCase(Locale.ROOT)) && plain.equals(plain.toUpperCase(Locale.ROOT));
      default -> null;
    };
  }

  private static boolean any(@Nullable Object argument, Predicate<String> holds) {
    return argument instanceof List<?> several
        ? several.stream().anyMatch(one -> holds.test(Values.text(one).text()))
        : holds.test(Values.text(argument).text());
  }

  private static List<@Nullable Object> pieces(Marked text, List<@Nullable Object> places, Map<String, @Nullable Object> named, boolean fromRight) {
    Object separator = places.isEmpty() ? named.get("sep") : places.getFirst();
    Object most = places.size() > 1 ? places.get(1) : named.get("maxsplit");
    return new ArrayList<>(text.split(
        separator == null ? null : Values.text(separator).text(), most instanceof Long number ? number.intValue() : -1,
        fromRight));
  }

  private static @Nullable String set(List<@Nullable Object> places) {
    return places.isEmpty() || places.getFirst() == null ? null : argument(places, 0);
  }

  private static String argument(List<@Nullable Object> places, int index) {
    if (index >= places.size()) {
      throw new JinjaException("an argument is missing");
    }
    return Values.text(places.get(index)).text();
  }

  static String title(String text) {
    StringBuilder out = new StringBuilder();
    boolean inWord = false;
    for (char c : text.toCharArray()) {
      out.append(inWord ? Character.toLowerCase(c) : Character.toUpperCase(c));
      inWord = Character.isLetter(c);
    }
    return out.toString();
  }

  static String capitalized(String text) {
    return text.isEmpty() ? text : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1).toLowerCase(Locale.ROOT);
  }
}
