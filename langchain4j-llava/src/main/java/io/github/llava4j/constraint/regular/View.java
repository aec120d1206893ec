package io.github.llava4j.constraint.regular;

/** A language's automaton with the symbols of an alphabet instead of characters. */
final class View {

  private final Language language;
  private final int[][] symbols;
  private final int[][] slots;

  View(Language language, Alphabet alphabet) {
    this.language = language;
    Row[] rows = language.rows();
    symbols = new int[rows.length][];
    slots = new int[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      symbols[i] = alphabet.symbols(rows[i]);
      slots[i] = alphabet.slots(rows[i]);
    }
  }

  int states() {
    return language.states();
  }

  boolean accepting(int state) {
    return language.accepting(state);
  }

  /** Ascending; not to be changed. */
  int[] symbols(int state) {
    return symbols[language.row(state)];
  }

  int target(int state, int edge) {
    return language.slotTarget(state, slots[language.row(state)][edge]);
  }

  int[] targets(int state) {
    int[] targets = new int[symbols(state).length];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = target(state, i);
    }
    return targets;
  }
}
