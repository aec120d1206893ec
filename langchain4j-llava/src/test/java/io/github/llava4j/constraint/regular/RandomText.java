package io.github.llava4j.constraint.regular;

import java.util.Random;

/** Texts of a language, by a random walk through its automaton. */
final class RandomText {

  private RandomText() {}

  /**
   * A text of the language.
   *
   * @param length after so many characters it goes the shortest way to the end
   */
  static String of(Language language, Random random, int length) {
    StringBuilder text = new StringBuilder();
    int state = language.start();
    for (int i = 0; !language.accepting(state) || language.rangeCount(state) > 0 && random.nextInt(length + 2) > 1; i++) {
      int range = random.nextInt(language.rangeCount(state));
      if (i >= length) {
        if (language.accepting(state)) {
          break;
        }
        range = 0;
        while (language.distance(language.target(state, range)) != language.distance(state) - 1) {
          range++;
        }
      }
      int from = language.rangeFrom(state, range);
      text.appendCodePoint(from + random.nextInt(language.rangeTo(state, range) - from + 1));
      state = language.target(state, range);
    }
    return text.toString();
  }
}
