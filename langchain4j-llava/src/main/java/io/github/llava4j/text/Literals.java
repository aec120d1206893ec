package io.github.llava4j.text;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/** Finds fixed strings in text: leftmost first, the longest of those that start at one place. */
final class Literals {

  private final Map<Character, List<String>> byFirstChar = new HashMap<>();

  Literals(Collection<String> literals) {
    literals.stream()
        .filter(literal -> !literal.isEmpty())
        .sorted(Comparator.comparingInt(String::length).reversed())
        .forEach(literal -> byFirstChar.computeIfAbsent(literal.charAt(0), c -> new ArrayList<>()).add(literal));
  }

  /** Passes the text on in order, cut into what lies between literals (never empty) and the literals. */
  void split(String text, Consumer<String> between, Consumer<String> literal) {
    int from = 0;
    int at = 0;
    while (at < text.length()) {
      String found = matchAt(text, at);
      if (found == null) {
        at++;
        continue;
      }
      if (at > from) {
        between.accept(text.substring(from, at));
      }
      literal.accept(found);
      at += found.length();
      from = at;
    }
    if (from < text.length()) {
      between.accept(text.substring(from));
    }
  }

  private @Nullable String matchAt(String text, int at) {
    for (String literal : byFirstChar.getOrDefault(text.charAt(at), List.of())) {
      if (text.startsWith(literal, at)) {
        return literal;
      }
    }
    return null;
  }
}
