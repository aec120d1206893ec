package io.github.llava4j.constraint.automaton;

import java.util.Arrays;
import java.util.Comparator;

import io.github.llava4j.constraint.regular.Language;

/** How many bytes are missing to a word of a language. */
final class ShortestWords {

  private ShortestWords() {}

  /** For each state, the bytes to the end by a way of the fewest characters: a way that no limit of length forbids. */
  static int[] bytes(Language language, boolean quoted) {
    Integer[] order = new Integer[language.states()];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingInt(language::distance));
    int[] bytes = new int[language.states()];
    for (int state : order) {
      if (language.distance(state) > 0) {
        bytes[state] = byNearest(language, state, bytes, quoted);
      }
    }
    return bytes;
  }

  private static int byNearest(Language language, int state, int[] bytes, boolean quoted) {
    int best = Integer.MAX_VALUE;
    for (int range = 0; range < language.rangeCount(state); range++) {
      int target = language.target(state, range);
      if (language.distance(target) == language.distance(state) - 1) {
        int from = language.rangeFrom(state, range);
        int own = quoted ? Escapes.cheapest(from, language.rangeTo(state, range)) : Escapes.utf8Bytes(from);
        best = Math.min(best, bytes[target] + own);
      }
    }
    return best;
  }
}
