package io.github.llava4j.constraint.regular;

import io.github.llava4j.ConstraintException;

/** A deterministic automaton over symbols while it is built, state by state; state 0 is the start. */
final class Table {

  private final int limit;
  private final IntList firstEdge = new IntList();
  private final IntList accepting = new IntList();
  private final IntList symbols = new IntList();
  private final IntList targets = new IntList();

  /**
   * @param limit most states
   */
  Table(int limit) {
    this.limit = limit;
  }

  /** Begins the next state; edges that are added are its own. */
  void state(boolean accepts) {
    if (firstEdge.size() == limit) {
      throw new ConstraintException("the constraint is too complex: its automaton has more than " + limit
          + " states; make it simpler or its counts smaller");
    }
    firstEdge.add(symbols.size());
    accepting.add(accepts ? 1 : 0);
  }

  /** In the ascending order of symbols. */
  void edge(int symbol, int target) {
    symbols.add(symbol);
    targets.add(target);
  }

  int states() {
    return firstEdge.size();
  }

  int edges() {
    return symbols.size();
  }

  boolean accepting(int state) {
    return accepting.get(state) != 0;
  }

  int firstEdge(int state) {
    return state == firstEdge.size() ? symbols.size() : firstEdge.get(state);
  }

  int symbol(int edge) {
    return symbols.get(edge);
  }

  int target(int edge) {
    return targets.get(edge);
  }
}
