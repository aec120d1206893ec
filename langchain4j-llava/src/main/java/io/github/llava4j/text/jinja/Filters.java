package io.github.llava4j.text.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** Jinja's filters and tests. */
final class Filters {

  private Filters() {}

  static @Nullable Object apply(String name, @Nullable Object value, List<@Nullable Object> places, Map<String, @Nullable Object> named) {
    return switch (name) {
      case "trim" -> Values.text(value).stripped(places.isEmpty() ? null : Values.text(places.getFirst()).text(), true, true);
      case "upper" -> Methods.of(Values.text(value), "upper").call(List.of(), Map.of());
      case "lower" -> Methods.of(Values.text(value), "lower").call(List.of(), Map.of());
      case "title" -> Values.text(value).mapped(Methods.title(Values.text(value).text()));
      case "capitalize" -> Values.text(value).mapped(Methods.capitalized(Values.text(value).text()));
      case "length", "count" -> (long) Values.items(value).size();
      case "join" -> Marked.join(
          attributes(value, named).stream().map(Values::text).toList(),
          places.isEmpty() ? Marked.EMPTY : Values.text(places.getFirst()));
      case "replace" -> Values.text(value).replaced(
          Values.text(places.get(0)).text(), Values.text(places.get(1)), places.size() > 2 ? whole(places.get(2)) : -1);
      case "first" -> Values.items(value).isEmpty() ? Values.UNDEFINED : Values.items(value).getFirst();
      case "last" -> Values.items(value).isEmpty() ? Values.UNDEFINED : Values.items(value).getLast();
      case "list" -> Values.items(value);
      case "reverse" -> {
        List<@Nullable Object> items = Values.items(value);
        Collections.reverse(items);
        yield value instanceof Marked
            ? Marked.join(items.stream().map(Values::text).toList(), Marked.EMPTY)
            : items;
      }
      case "items" -> value instanceof Map<?, ?> map ? Methods.pairs(map) : List.of();
      case "default", "d" -> {
        boolean empty = value == Values.UNDEFINED
            || !Values.truthy(value) && Values.truthy(places.size() > 1 ? places.get(1) : named.getOrDefault("boolean", false));
        yield !empty ? value : places.isEmpty() ? Marked.EMPTY : places.getFirst();
      }
      case "string" -> Values.text(value);
      case "safe" -> value;
      case "int" -> integer(value, places);
      case "float" -> value instanceof Marked text ? (Object) decimal(text.text()) : (Object) Values.number(value);
      case "abs" -> value instanceof Long number ? (Object) Math.abs(number) : (Object) Math.abs(Values.number(value));
      case "indent" -> indented(value, places, named);
      case "tojson" -> JsonText.of(value, named.get("indent") instanceof Long width ? width.intValue() : 0);
      case "selectattr" -> chosen(value, places, true, true);
      case "rejectattr" -> chosen(value, places, true, false);
      case "select" -> chosen(value, places, false, true);
      case "reject" -> chosen(value, places, false, false);
      case "map" -> mapped(value, places, named);
      case "unique" -> {
        List<@Nullable Object> unique = new ArrayList<>();
        Values.items(value).forEach(item -> {
          if (!Values.contains(unique, item)) {
            unique.add(item);
          }
        });
        yield unique;
      }
      default -> throw new JinjaException("the filter \"" + name + "\" is not supported");
    };
  }

  static boolean test(String name, @Nullable Object value, List<@Nullable Object> places) {
    return switch (name) {
      case "defined" -> value != Values.UNDEFINED;
      case "undefined" -> value == Values.UNDEFINED;
      case "none" -> value == null;
      case "string" -> value instanceof Marked;
      case "mapping" -> value instanceof Map;
      case "iterable", "sequence" -> value instanceof List || value instanceof Map || value instanceof Marked;
      case "number" -> Values.isNumber(value);
      case "integer" -> value instanceof Long;
      case "float" -> value instanceof Double;
      case "boolean" -> value instanceof Boolean;
      case "callable" -> value instanceof Values.Function;
      case "true" -> Boolean.TRUE.equals(value);
      case "false" -> Boolean.FALSE.equals(value);
      case "odd" -> Math.floorMod(whole(value), 2) == 1;
      case "even" -> Math.floorMod(whole(value), 2) == 0;
      case "divisibleby" -> whole(value) % whole(places.getFirst()) == 0;
      case "upper" -> Values.text(value).text().equals(Values.text(value).text().toUpperCase(Locale.ROOT));
      case "lower" -> Values.text(value).text().equals(Values.text(value).text().toLowerCase(Locale.ROOT));
      case "equalto", "eq", "==", "sameas" -> Values.equal(value, places.getFirst());
      case "ne", "!=" -> !Values.equal(value, places.getFirst());
      case "in" -> Values.contains(places.getFirst(), value);
      case "gt", "greaterthan", ">" -> Values.compare(value, places.getFirst()) > 0;
      case "ge", ">=" -> Values.compare(value, places.getFirst()) >= 0;
      case "lt", "lessthan", "<" -> Values.compare(value, places.getFirst()) < 0;
      case "le", "<=" -> Values.compare(value, places.getFirst()) <= 0;
      default -> throw new JinjaException("the test \"" + name + "\" is not supported");
    };
  }

  private static List<@Nullable Object> chosen(@Nullable Object value, List<@Nullable Object> places, boolean byAttribute, boolean wanted) {
    int used = byAttribute ? 1 : 0;
    List<@Nullable Object> chosen = new ArrayList<>();
    for (Object item : Values.items(value)) {
      Object tested = byAttribute ? path(item, Values.text(places.getFirst()).text()) : item;
      boolean holds = places.size() > used
          ? test(Values.text(places.get(used)).text(), tested, places.subList(used + 1, places.size()))
          : Values.truthy(tested);
      if (holds == wanted) {
        chosen.add(item);
      }
    }
    return chosen;
  }

  private static List<@Nullable Object> attributes(@Nullable Object value, Map<String, @Nullable Object> named) {
    return named.containsKey("attribute") ? mapped(value, List.of(), named) : Values.items(value);
  }

  private static List<@Nullable Object> mapped(@Nullable Object value, List<@Nullable Object> places, Map<String, @Nullable Object> named) {
    List<@Nullable Object> out = new ArrayList<>();
    for (Object item : Values.items(value)) {
      if (named.containsKey("attribute")) {
        Object found = path(item, Values.text(named.get("attribute")).text());
        out.add(found == Values.UNDEFINED && named.containsKey("default") ? named.get("default") : found);
      } else if (places.isEmpty()) {
        throw new JinjaException("map needs a filter or an attribute");
      } else {
        out.add(apply(Values.text(places.getFirst()).text(), item, places.subList(1, places.size()), named));
      }
    }
    return out;
  }

  private static @Nullable Object path(@Nullable Object item, String path) {
    Object value = item;
    for (String name : path.split("\\.")) {
      value = Values.item(value, name.matches("\\d{1,9}") ? Long.valueOf(name) : Marked.of(name));
    }
    return value;
  }

  private static @Nullable Object integer(@Nullable Object value, List<@Nullable Object> places) {
    Object otherwise = places.isEmpty() ? 0L : places.getFirst();
    if (value instanceof Marked text) {
      try {
        return (long) Double.parseDouble(text.text().strip());
      } catch (NumberFormatException e) {
        return otherwise;
      }
    }
    return Values.isNumber(value) ? (Object) (long) Values.number(value) : otherwise;
  }

  private static double decimal(String text) {
    try {
      return Double.parseDouble(text.strip());
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static Marked indented(@Nullable Object value, List<@Nullable Object> places, Map<String, @Nullable Object> named) {
    Object width = places.isEmpty() ? named.getOrDefault("width", 4L) : places.getFirst();
    Marked indent = width instanceof Marked text ? text : Marked.of(" ".repeat(Math.clamp(whole(width), 0, 100)));
    boolean first = Values.truthy(places.size() > 1 ? places.get(1) : named.getOrDefault("first", false));
    List<Marked> lines = new ArrayList<>();
    for (Marked line : Values.text(value).split("\n", -1, false)) {
      lines.add(line.length() == 0 || lines.isEmpty() && !first ? line : indent.plus(line));
    }
    return Marked.join(lines, Marked.of("\n"));
  }

  private static int whole(@Nullable Object value) {
    if (value instanceof Long number) {
      return Math.toIntExact(number);
    }
    throw new JinjaException("expected a whole number, found " + Values.kind(value));
  }
}
