package io.github.llava4j.constraint.regular;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Characters that no state of some languages tells apart are one symbol. Symbols are numbered from 0; characters that lead
 * nowhere have none.
 */
final class Alphabet {

  private static final int NO_SYMBOL = -1;

  /** Row by row: its symbols, ascending, and the slot of each. */
  private final Map<Row, Edges> rows = new HashMap<>();
  /** The symbols' characters as [from, to, from, to ...], ascending. */
  private final int[][] ranges;

  private record Edges(int[] symbols, int[] slots) {}

  private Alphabet(int[][] ranges) {
    this.ranges = ranges;
  }

  static Alphabet of(List<Language> languages, Deadline deadline) {
    Map<Row, Row> distinct = new HashMap<>();
    for (Language language : languages) {
      for (Row row : language.rows()) {
        distinct.put(row, row);
      }
    }
    int[] starts = boundaries(distinct, deadline);
    int[] symbols = new int[starts.length];
    int count = refine(distinct, starts, symbols, deadline);
    Alphabet alphabet = new Alphabet(ranges(starts, symbols, count));
    int[] seen = new int[count];
    int stamp = 0;
    for (Row row : distinct.keySet()) {
      alphabet.rows.put(row, edges(row, starts, symbols, seen, ++stamp));
    }
    return alphabet;
  }

  /** One symbol for each character; for automata that are not made from others. */
  static Alphabet ofEach(int... characters) {
    int[][] ranges = new int[characters.length][];
    for (int i = 0; i < ranges.length; i++) {
      ranges[i] = new int[] {characters[i], characters[i]};
    }
    return new Alphabet(ranges);
  }

  /** The symbols are the sets, which are disjoint. */
  static Alphabet ofEach(CharacterSet... sets) {
    int[][] ranges = new int[sets.length][];
    for (int i = 0; i < ranges.length; i++) {
      ranges[i] = sets[i].ranges();
    }
    return new Alphabet(ranges);
  }

  int size() {
    return ranges.length;
  }

  int[] ranges(int symbol) {
    return ranges[symbol];
  }

  int[] symbols(Row row) {
    return edges(row).symbols;
  }

  int[] slots(Row row) {
    return edges(row).slots;
  }

  private Edges edges(Row row) {
    Edges edges = rows.get(row);
    if (edges == null) {
      throw new IllegalArgumentException("not a row of this alphabet");
    }
    return edges;
  }

  private static int[] boundaries(Map<Row, Row> rows, Deadline deadline) {
    IntList all = new IntList();
    for (Row row : rows.keySet()) {
      deadline.work(row.size());
      for (int i = 0; i < row.size(); i++) {
        all.add(row.from[i]);
        all.add(row.to[i] + 1);
      }
    }
    all.sort();
    int distinct = 0;
    for (int i = 0; i < all.size(); i++) {
      if (distinct == 0 || all.get(i) != all.get(distinct - 1)) {
        all.set(distinct++, all.get(i));
      }
    }
    all.truncate(distinct);
    return all.toArray();
  }

  /** Gives each interval its symbol: two have the same one exactly if every row has them in the same slot. */
  private static int refine(Map<Row, Row> rows, int[] starts, int[] symbols, Deadline deadline) {
    int next = 1;
    LongMap split = new LongMap();
    for (Row row : rows.keySet()) {
      split.clear();
      int interval = 0;
      for (int i = 0; i < row.size(); i++) {
        interval = Arrays.binarySearch(starts, interval, starts.length, row.from[i]);
        while (starts[interval] <= row.to[i]) {
          symbols[interval] = next + split.number((long) symbols[interval] << 32 | row.slot[i]);
          interval++;
        }
        deadline.work(4);
      }
      deadline.work(2 * interval);
      next += split.size();
    }
    LongMap numbers = new LongMap();
    for (int i = 0; i < symbols.length; i++) {
      symbols[i] = symbols[i] == 0 ? NO_SYMBOL : numbers.number(symbols[i]);
    }
    return numbers.size();
  }

  private static int[][] ranges(int[] starts, int[] symbols, int count) {
    int[] sizes = new int[count];
    for (int symbol : symbols) {
      if (symbol != NO_SYMBOL) {
        sizes[symbol] += 2;
      }
    }
    int[][] ranges = new int[count][];
    int[] filled = new int[count];
    for (int i = 0; i < symbols.length; i++) {
      int symbol = symbols[i];
      if (symbol == NO_SYMBOL) {
        continue;
      }
      if (ranges[symbol] == null) {
        ranges[symbol] = new int[sizes[symbol]];
      }
      ranges[symbol][filled[symbol]++] = starts[i];
      ranges[symbol][filled[symbol]++] = starts[i + 1] - 1;
    }
    return ranges;
  }

  private static Edges edges(Row row, int[] starts, int[] symbols, int[] seen, int stamp) {
    long[] found = new long[8];
    int size = 0;
    int interval = 0;
    for (int i = 0; i < row.size(); i++) {
      interval = Arrays.binarySearch(starts, interval, starts.length, row.from[i]);
      while (starts[interval] <= row.to[i]) {
        int symbol = symbols[interval++];
        if (seen[symbol] != stamp) {
          seen[symbol] = stamp;
          if (size == found.length) {
            found = Arrays.copyOf(found, 2 * size);
          }
          found[size++] = (long) symbol << 32 | row.slot[i];
        }
      }
    }
    Arrays.sort(found, 0, size);
    int[] edgeSymbols = new int[size];
    int[] slots = new int[size];
    for (int i = 0; i < size; i++) {
      edgeSymbols[i] = (int) (found[i] >> 32);
      slots[i] = (int) found[i];
    }
    return new Edges(edgeSymbols, slots);
  }
}
