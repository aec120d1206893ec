package io.github.llava4j.constraint.regular;

import java.util.List;

/** Two automata run side by side. */
final class Product {

  /** Which texts count. */
  enum Kind {
    BOTH, EITHER, FIRST_ONLY
  }

  private static final int DEAD = -1;

  private final Kind kind;
  private final View first;
  private final View second;
  private final Table table;
  private final LongMap pairs = new LongMap();
  private final IntList firsts = new IntList();
  private final IntList seconds = new IntList();

  private Product(Kind kind, View first, View second, Table table) {
    this.kind = kind;
    this.first = first;
    this.second = second;
    this.table = table;
  }

  static Language of(Kind kind, Language first, Language second, Deadline deadline) {
    Alphabet alphabet = Alphabet.of(List.of(first, second), deadline);
    Table table = new Table(Language.MAX_STATES + Math.max(first.states(), second.states()));
    new Product(kind, new View(first, alphabet), new View(second, alphabet), table).run(deadline);
    return Minimiser.minimise(table, alphabet, deadline);
  }

  private void run(Deadline deadline) {
    pair(first.states() == 0 ? DEAD : 0, second.states() == 0 ? DEAD : 0);
    for (int state = 0; state < firsts.size(); state++) {
      int a = firsts.get(state);
      int b = seconds.get(state);
      boolean inFirst = a != DEAD && first.accepting(a);
      boolean inSecond = b != DEAD && second.accepting(b);
      table.state(switch (kind) {
        case BOTH -> inFirst && inSecond;
        case EITHER -> inFirst || inSecond;
        case FIRST_ONLY -> inFirst && !inSecond;
      });
      deadline.work(edges(a, b));
    }
  }

  private int edges(int a, int b) {
    int[] left = a == DEAD ? Language.NO_INTS : first.symbols(a);
    int[] right = b == DEAD ? Language.NO_INTS : second.symbols(b);
    int i = 0;
    int j = 0;
    while (i < left.length || j < right.length) {
      int symbol = Math.min(i < left.length ? left[i] : Integer.MAX_VALUE, j < right.length ? right[j] : Integer.MAX_VALUE);
      int nextA = i < left.length && left[i] == symbol ? first.target(a, i++) : DEAD;
      int nextB = j < right.length && right[j] == symbol ? second.target(b, j++) : DEAD;
      boolean leads = switch (kind) {
        case BOTH -> nextA != DEAD && nextB != DEAD;
        case EITHER -> true;
        case FIRST_ONLY -> nextA != DEAD;
      };
      if (leads) {
        table.edge(symbol, pair(nextA, nextB));
      }
    }
    return 4 * (left.length + right.length) + 8;
  }

  private int pair(int a, int b) {
    int number = pairs.number((long) (a + 1) << 32 | (b + 1));
    if (number == firsts.size()) {
      firsts.add(a);
      seconds.add(b);
    }
    return number;
  }
}
