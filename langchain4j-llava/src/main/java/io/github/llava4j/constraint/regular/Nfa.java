package io.github.llava4j.constraint.regular;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.github.llava4j.ConstraintException;

/**
 * A nondeterministic automaton with empty steps; state 0 is the start. Copies of one automaton share their edges and differ
 * by a shift of the targets.
 *
 * <p>States of one group accept the more the smaller their rank is: of those that are reached by one text only the one of
 * least rank counts. That keeps counted repetitions small.
 */
final class Nfa {

  static final int NO_GROUP = -1;
  static final int MAX_STATES = 200_000;

  private static final int[] NO_STEPS = {};

  private final List<int[]> symbols = new ArrayList<>();
  private final List<int[]> targets = new ArrayList<>();
  private final List<int[]> steps = new ArrayList<>();
  private final IntList shift = new IntList();
  private final IntList accepting = new IntList();
  private final IntList group = new IntList();
  private final IntList rank = new IntList();
  private int groups;
  private int universal = -1;

  int states() {
    return symbols.size();
  }

  /**
   * Adds a state.
   *
   * @param symbols ascending
   * @param targets before the shift
   */
  int state(int[] symbols, int[] targets, int shift, boolean accepting) {
    if (this.symbols.size() == MAX_STATES) {
      throw new ConstraintException("the constraint is too complex: written out, it has more than " + MAX_STATES
          + " places; make it simpler or its counts smaller");
    }
    this.symbols.add(symbols);
    this.targets.add(targets);
    this.shift.add(shift);
    steps.add(NO_STEPS);
    this.accepting.add(accepting ? 1 : 0);
    group.add(NO_GROUP);
    rank.add(0);
    return this.symbols.size() - 1;
  }

  int emptyState(boolean accepting) {
    return state(NO_STEPS, NO_STEPS, 0, accepting);
  }

  /** Adds the automaton; returns the first of its states, which are one behind the other and do not accept. */
  int copy(View view, int[][] viewTargets) {
    int first = states();
    for (int state = 0; state < view.states(); state++) {
      state(view.symbols(state), viewTargets[state], first, false);
    }
    return first;
  }

  static int[][] targets(View view) {
    int[][] targets = new int[view.states()][];
    for (int state = 0; state < targets.length; state++) {
      targets[state] = view.targets(state);
    }
    return targets;
  }

  void step(int from, int to) {
    int[] old = steps.get(from);
    int[] now = Arrays.copyOf(old, old.length + 1);
    now[old.length] = to;
    steps.set(from, now);
  }

  void accept(int state) {
    accepting.set(state, 1);
  }

  void rank(int state, int groupNumber, int rankInGroup) {
    group.set(state, groupNumber);
    groups = Math.max(groups, groupNumber + 1);
    rank.set(state, rankInGroup);
  }

  /** Says that a state, which accepts, goes on to itself with every symbol: where it is reached, no other one counts. */
  void universal(int state) {
    universal = state;
  }

  /** -1 if there is none. */
  int universal() {
    return universal;
  }

  int[] symbols(int state) {
    return symbols.get(state);
  }

  int target(int state, int edge) {
    return targets.get(state)[edge] + shift.get(state);
  }

  int[] steps(int state) {
    return steps.get(state);
  }

  boolean accepting(int state) {
    return accepting.get(state) != 0;
  }

  int groups() {
    return groups;
  }

  int group(int state) {
    return group.get(state);
  }

  int rank(int state) {
    return rank.get(state);
  }
}
