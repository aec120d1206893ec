package io.github.llava4j.constraint.regular;

import java.util.Arrays;

/**
 * Brings a minimal automaton into the one form that all equal languages share: states in the order of a breadth-first walk,
 * neighbouring ranges of one target joined.
 */
final class Assembler {

  /** A minimal automaton; every state that can be reached from the start can reach acceptance. */
  interface Source {

    int states();

    int start();

    boolean accepting(int state);

    /** Reports the state's edges in ascending order of characters, or the targets of a row that is known; returns the row's number. */
    int row(int state, Rows out);
  }

  private final Source source;
  /** New number of a state + 1, 0 if it has none yet. */
  private final int[] numbers;
  private final IntList order = new IntList();

  private Assembler(Source source) {
    this.source = source;
    numbers = new int[source.states()];
  }

  static Language assemble(Source source) {
    return source.states() == 0 ? Language.none() : new Assembler(source).run();
  }

  private Language run() {
    Rows rows = new Rows(source.states());
    IntList rowOf = new IntList();
    IntList targets = new IntList();
    IntList firstTarget = new IntList();
    boolean[] accepting = new boolean[source.states()];
    number(source.start());
    for (int state = 0; state < order.size(); state++) {
      int old = order.get(state);
      accepting[state] = source.accepting(old);
      rows.clear();
      rowOf.add(source.row(old, rows));
      firstTarget.add(targets.size());
      for (int i = 0; i < rows.targets().size(); i++) {
        targets.add(number(rows.targets().get(i)));
      }
    }
    firstTarget.add(targets.size());
    return new Language(rows.toArray(), rowOf.toArray(), firstTarget.toArray(), targets.toArray(),
        Arrays.copyOf(accepting, order.size()));
  }

  private int number(int state) {
    if (numbers[state] == 0) {
      order.add(state);
      numbers[state] = order.size();
    }
    return numbers[state] - 1;
  }
}
