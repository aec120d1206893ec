package io.github.llava4j.constraint.regular;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The subset construction. */
final class Determiniser {

  private final Nfa nfa;
  private final Deadline deadline;
  private final Table table;
  private final Map<Subset, Integer> numbers = new HashMap<>();
  private final List<int[]> subsets = new ArrayList<>();
  /** For each symbol what its edges lead to from the state that is looked at; null if nothing yet. */
  private final IntList[] reached;
  private final IntList touched = new IntList();
  /** When a state was last put into a closure. */
  private final int[] stamps;
  private int stamp;
  private final IntList closure = new IntList();
  /** The best state of each group in the present closure, and when it was set. */
  private final int[] best;
  private final int[] bestStamps;

  private record Subset(int[] states, int hash) {

    @Override
    public boolean equals(Object other) {
      return other instanceof Subset subset && hash == subset.hash && Arrays.equals(states, subset.states);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  private Determiniser(Nfa nfa, int symbols, int limit, Deadline deadline) {
    this.nfa = nfa;
    this.deadline = deadline;
    table = new Table(limit);
    reached = new IntList[symbols];
    stamps = new int[nfa.states()];
    best = new int[nfa.groups()];
    bestStamps = new int[nfa.groups()];
  }

  /**
   * The automaton's language.
   *
   * @param limit most states of the deterministic automaton
   */
  static Language determinise(Nfa nfa, Alphabet alphabet, int limit, Deadline deadline) {
    Determiniser determiniser = new Determiniser(nfa, alphabet.size(), limit, deadline);
    determiniser.run();
    return Minimiser.minimise(determiniser.table, alphabet, deadline);
  }

  private void run() {
    IntList start = new IntList();
    start.add(0);
    number(start);
    for (int state = 0; state < subsets.size(); state++) {
      int[] members = subsets.get(state);
      boolean accepts = false;
      for (int member : members) {
        accepts |= nfa.accepting(member);
        gather(member);
      }
      table.state(accepts);
      touched.sort();
      for (int i = 0; i < touched.size(); i++) {
        int symbol = touched.get(i);
        table.edge(symbol, number(reached[symbol]));
        reached[symbol].clear();
      }
      touched.clear();
    }
  }

  private void gather(int member) {
    int[] symbols = nfa.symbols(member);
    for (int edge = 0; edge < symbols.length; edge++) {
      int symbol = symbols[edge];
      IntList list = reached[symbol];
      if (list == null) {
        list = new IntList();
        reached[symbol] = list;
      }
      if (list.size() == 0) {
        touched.add(symbol);
      }
      list.add(nfa.target(member, edge));
    }
    deadline.work(4 * symbols.length);
  }

  private int number(IntList states) {
    int[] members = close(states);
    int size = subsets.size();
    Integer known = numbers.putIfAbsent(new Subset(members, Arrays.hashCode(members)), size);
    if (known != null) {
      return known;
    }
    subsets.add(members);
    return size;
  }

  private int[] close(IntList states) {
    stamp++;
    closure.clear();
    for (int i = 0; i < states.size(); i++) {
      visit(states.get(i));
    }
    for (int i = 0; i < closure.size(); i++) {
      for (int next : nfa.steps(closure.get(i))) {
        visit(next);
      }
    }
    deadline.work(16 + 8 * closure.size());
    if (nfa.universal() >= 0 && stamps[nfa.universal()] == stamp) {
      return new int[] {nfa.universal()};
    }
    int kept = 0;
    for (int i = 0; i < closure.size(); i++) {
      int state = closure.get(i);
      int group = nfa.group(state);
      boolean counts = nfa.accepting(state) || nfa.symbols(state).length > 0;
      if (counts && (group == Nfa.NO_GROUP || best[group] == state)) {
        closure.set(kept++, state);
      }
    }
    closure.truncate(kept);
    closure.sort();
    return closure.toArray();
  }

  private void visit(int state) {
    if (stamps[state] == stamp) {
      return;
    }
    stamps[state] = stamp;
    closure.add(state);
    int group = nfa.group(state);
    if (group != Nfa.NO_GROUP && (bestStamps[group] != stamp || nfa.rank(state) < nfa.rank(best[group]))) {
      best[group] = state;
      bestStamps[group] = stamp;
    }
  }
}
