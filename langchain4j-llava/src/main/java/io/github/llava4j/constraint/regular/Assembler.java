package io.github.llava4j.constraint.regular;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

    /** Reports the state's edges in ascending order of characters. */
    void ranges(int state, Ranges out);
  }

  /** One state's edges. */
  static final class Ranges {

    private final IntList from = new IntList();
    private final IntList to = new IntList();
    private final IntList target = new IntList();

    void add(int first, int last, int state) {
      int end = from.size() - 1;
      if (end >= 0 && target.get(end) == state && to.get(end) + 1 == first && first <= Characters.LAST) {
        to.set(end, last);
      } else {
        from.add(first);
        to.add(last);
        target.add(state);
      }
    }

    private void clear() {
      from.clear();
      to.clear();
      target.clear();
    }
  }

  private final Source source;
  /** New number of a state + 1, 0 if it has none yet. */
  private final int[] numbers;
  private final IntList order = new IntList();
  private final List<Row> distinct = new ArrayList<>();
  private final Map<Row, Integer> rows = new HashMap<>();
  /** Rows of a single range: word lists have hardly any other. */
  private final LongMap singles = new LongMap();
  private final IntList singleRows = new IntList();
  private final IntList rowOf = new IntList();
  private final IntList targets = new IntList();
  private final IntList firstTarget = new IntList();
  private final Ranges ranges = new Ranges();
  private int[] slotOf = new int[0];
  private final IntList slotTargets = new IntList();

  private Assembler(Source source) {
    this.source = source;
    numbers = new int[source.states()];
  }

  static Language assemble(Source source) {
    return source.states() == 0 ? Language.none() : new Assembler(source).run();
  }

  private Language run() {
    slotOf = new int[source.states()];
    Arrays.fill(slotOf, -1);
    boolean[] accepting = new boolean[source.states()];
    number(source.start());
    for (int state = 0; state < order.size(); state++) {
      int old = order.get(state);
      accepting[state] = source.accepting(old);
      ranges.clear();
      source.ranges(old, ranges);
      rowOf.add(row());
      firstTarget.add(targets.size());
      for (int i = 0; i < slotTargets.size(); i++) {
        int target = slotTargets.get(i);
        slotOf[target] = -1;
        targets.add(number(target));
      }
      slotTargets.clear();
    }
    firstTarget.add(targets.size());
    return new Language(distinct.toArray(new Row[0]), rowOf.toArray(), firstTarget.toArray(), targets.toArray(),
        Arrays.copyOf(accepting, order.size()));
  }

  private int number(int state) {
    if (numbers[state] == 0) {
      order.add(state);
      numbers[state] = order.size();
    }
    return numbers[state] - 1;
  }

  /** The number of the row of the present ranges, whose targets become those of the slots. */
  private int row() {
    int size = ranges.from.size();
    if (size == 1) {
      slotTargets.add(ranges.target.get(0));
      int single = singles.number((long) ranges.from.get(0) << 32 | ranges.to.get(0));
      if (single == singleRows.size()) {
        singleRows.add(distinct.size());
        distinct.add(new Row(ranges.from.toArray(), ranges.to.toArray(), new int[1], 1));
      }
      return singleRows.get(single);
    }
    int[] slots = new int[size];
    for (int i = 0; i < size; i++) {
      int target = ranges.target.get(i);
      if (slotOf[target] < 0) {
        slotOf[target] = slotTargets.size();
        slotTargets.add(target);
      }
      slots[i] = slotOf[target];
    }
    Row row = new Row(ranges.from.toArray(), ranges.to.toArray(), slots, slotTargets.size());
    Integer known = rows.putIfAbsent(row, distinct.size());
    if (known == null) {
      distinct.add(row);
      return distinct.size() - 1;
    }
    return known;
  }
}
