package io.github.llava4j.constraint.regular;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The rows of an automaton that is being assembled, each once, and the edges of the state that is at hand. */
final class Rows {

  private final List<Row> distinct = new ArrayList<>();
  private final Map<Row, Integer> numbers = new HashMap<>();
  /** Rows of a single range: word lists have hardly any other. */
  private final LongMap singles = new LongMap();
  private final IntList singleNumbers = new IntList();

  private final IntList from = new IntList();
  private final IntList to = new IntList();
  private final IntList target = new IntList();
  /** By target; -1 for those that the state does not lead to. */
  private final int[] slotOf;
  private final IntList targets = new IntList();

  Rows(int states) {
    slotOf = new int[states];
    Arrays.fill(slotOf, -1);
  }

  /** Begins another state. */
  void clear() {
    from.clear();
    to.clear();
    target.clear();
    targets.clear();
  }

  /** Adds an edge; in ascending order of characters. */
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

  /** Says where a slot leads, of a row that is known. */
  void addTarget(int state) {
    targets.add(state);
  }

  /** The number of the row of the edges that were added. */
  int finish() {
    if (from.size() == 1) {
      targets.add(target.get(0));
      int single = singles.number((long) from.get(0) << 32 | to.get(0));
      if (single == singleNumbers.size()) {
        singleNumbers.add(number(new Row(from.toArray(), to.toArray(), new int[1], 1)));
      }
      return singleNumbers.get(single);
    }
    int[] slots = new int[from.size()];
    for (int i = 0; i < slots.length; i++) {
      int state = target.get(i);
      if (slotOf[state] < 0) {
        slotOf[state] = targets.size();
        targets.add(state);
      }
      slots[i] = slotOf[state];
    }
    for (int i = 0; i < targets.size(); i++) {
      slotOf[targets.get(i)] = -1;
    }
    return number(new Row(from.toArray(), to.toArray(), slots, targets.size()));
  }

  private int number(Row row) {
    Integer known = numbers.putIfAbsent(row, distinct.size());
    if (known == null) {
      distinct.add(row);
      return distinct.size() - 1;
    }
    return known;
  }

  /** Where the slots of the state's row lead. */
  IntList targets() {
    return targets;
  }

  Row[] toArray() {
    return distinct.toArray(new Row[0]);
  }
}
