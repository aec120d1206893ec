package io.github.llava4j.constraint.regular;

import java.util.Arrays;

/**
 * Makes an automaton minimal: drops states from which nothing is accepted, then joins equivalent ones by splitting blocks of
 * states and blocks of edges in turn (A. Valmari, "Fast brief practical DFA minimization", Information Processing Letters
 * 112, 2012), in O(edges log edges), without an explicit dead state.
 */
final class Minimiser {

  private final Table table;
  private final Deadline deadline;
  /** Edges between states that count, by head. */
  private int[] tails = Language.NO_INTS;
  private int[] heads = Language.NO_INTS;
  private int[] symbols = Language.NO_INTS;
  private int[] firstIn = Language.NO_INTS;
  private int[] in = Language.NO_INTS;

  private Minimiser(Table table, Deadline deadline) {
    this.table = table;
    this.deadline = deadline;
  }

  /** The language of a table all of whose states can be reached. */
  static Language minimise(Table table, Alphabet alphabet, Deadline deadline) {
    Minimiser minimiser = new Minimiser(table, deadline);
    int[] block = minimiser.blocks();
    return Assembler.assemble(new Quotient(table, alphabet, block));
  }

  /** The block of each state, -1 for one from which nothing is accepted. */
  private int[] blocks() {
    int states = table.states();
    incoming(states, null);
    boolean[] useful = useful(states);
    incoming(states, useful);
    Partition blocks = new Partition(states);
    for (int state = 0; state < states; state++) {
      if (table.accepting(state)) {
        blocks.mark(state);
      }
    }
    blocks.split();
    // Dead states have no edges left; in a block of their own they disturb nobody.
    for (int state = 0; state < states; state++) {
      if (!useful[state]) {
        blocks.mark(state);
      }
    }
    blocks.split();
    Partition cords = cords();
    refine(blocks, cords);
    int[] block = new int[states];
    for (int state = 0; state < states; state++) {
      block[state] = useful[state] ? blocks.setOf(state) : -1;
    }
    return block;
  }

  private void refine(Partition blocks, Partition cords) {
    int nextBlock = 0;
    for (int cord = 0; cord < cords.size(); cord++) {
      for (int i = cords.first(cord); i < cords.end(cord); i++) {
        blocks.mark(tails[cords.element(i)]);
      }
      deadline.work(8 * (cords.end(cord) - cords.first(cord)) + 8);
      blocks.split();
      for (; nextBlock < blocks.size(); nextBlock++) {
        for (int i = blocks.first(nextBlock); i < blocks.end(nextBlock); i++) {
          int state = blocks.element(i);
          for (int edge = firstIn[state]; edge < firstIn[state + 1]; edge++) {
            cords.mark(in[edge]);
          }
          deadline.work(8 * (firstIn[state + 1] - firstIn[state]) + 8);
        }
        cords.split();
      }
    }
  }

  private Partition cords() {
    Partition cords = new Partition(symbols.length);
    int most = 0;
    for (int symbol : symbols) {
      most = Math.max(most, symbol);
    }
    int[] first = new int[most + 2];
    for (int symbol : symbols) {
      first[symbol + 1]++;
    }
    for (int i = 0; i <= most; i++) {
      first[i + 1] += first[i];
    }
    cords.sortInto(first, symbols);
    return cords;
  }

  private void incoming(int states, boolean[] useful) {
    int edges = table.edges();
    int kept = 0;
    tails = new int[edges];
    heads = new int[edges];
    symbols = new int[edges];
    for (int state = 0; state < states; state++) {
      for (int edge = table.firstEdge(state); edge < table.firstEdge(state + 1); edge++) {
        int head = table.target(edge);
        if (useful == null || useful[state] && useful[head]) {
          tails[kept] = state;
          heads[kept] = head;
          symbols[kept++] = table.symbol(edge);
        }
      }
    }
    symbols = Arrays.copyOf(symbols, kept);
    firstIn = new int[states + 1];
    for (int edge = 0; edge < kept; edge++) {
      firstIn[heads[edge] + 1]++;
    }
    for (int state = 0; state < states; state++) {
      firstIn[state + 1] += firstIn[state];
    }
    int[] filled = Arrays.copyOf(firstIn, states);
    in = new int[kept];
    for (int edge = 0; edge < kept; edge++) {
      in[filled[heads[edge]]++] = edge;
    }
    deadline.work(4 * edges + states);
  }

  private boolean[] useful(int states) {
    boolean[] useful = new boolean[states];
    IntList queue = new IntList();
    for (int state = 0; state < states; state++) {
      if (table.accepting(state)) {
        useful[state] = true;
        queue.add(state);
      }
    }
    for (int i = 0; i < queue.size(); i++) {
      int state = queue.get(i);
      for (int edge = firstIn[state]; edge < firstIn[state + 1]; edge++) {
        int tail = tails[in[edge]];
        if (!useful[tail]) {
          useful[tail] = true;
          queue.add(tail);
        }
      }
    }
    return useful;
  }
}
