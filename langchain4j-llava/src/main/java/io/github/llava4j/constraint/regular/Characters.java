package io.github.llava4j.constraint.regular;

/** The alphabet: Unicode scalar values, and behind them marks that stand for places in a text. */
final class Characters {

  static final int LAST = Character.MAX_CODE_POINT;
  static final int LAST_BELOW_SURROGATES = Character.MIN_SURROGATE - 1;
  static final int FIRST_ABOVE_SURROGATES = Character.MAX_SURROGATE + 1;

  /** Marks, only within {@link Patterns}: the text begins here, ends here, is at a word's boundary, is not at one. */
  static final int BEGIN = LAST + 1;
  static final int END = LAST + 2;
  static final int BOUNDARY = LAST + 3;
  static final int NO_BOUNDARY = LAST + 4;

  private Characters() {}

  static boolean isSurrogate(int codePoint) {
    return codePoint > LAST_BELOW_SURROGATES && codePoint < FIRST_ABOVE_SURROGATES;
  }
}
