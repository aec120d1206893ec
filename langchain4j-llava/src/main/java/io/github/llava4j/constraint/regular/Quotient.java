package io.github.llava4j.constraint.regular;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** A table with equivalent states joined, as characters again. */
final class Quotient implements Assembler.Source {

  private final Table table;
  private final Alphabet alphabet;
  private final int[] block;
  private final int[] member;
  /** Edges of the state at hand that count. */
  private final IntList edges = new IntList();
  /** By target the place of the first edge to it; -1 outside of {@link #shape}. */
  private final int[] firstEdge;
  private final Map<Shape, Known> known = new HashMap<>();
  private long[] found = new long[16];

  /** The symbols of a state, each with the first of the state's edges that has the same target: the same row for all of a shape. */
  private record Shape(int[] symbols) {

    @Override
    public boolean equals(Object other) {
      return other instanceof Shape shape && Arrays.equals(symbols, shape.symbols);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(symbols);
    }
  }

  /**
   * A row that was made before.
   *
   * @param edges for each slot the place among the state's edges
   */
  private record Known(int row, int[] edges) {}

  /**
   * @param block of each state; -1 for those to be left out
   */
  Quotient(Table table, Alphabet alphabet, int[] block) {
    this.table = table;
    this.alphabet = alphabet;
    this.block = block;
    int blocks = 0;
    for (int number : block) {
      blocks = Math.max(blocks, number + 1);
    }
    member = new int[blocks];
    for (int state = 0; state < block.length; state++) {
      if (block[state] >= 0) {
        member[block[state]] = state;
      }
    }
    firstEdge = new int[blocks];
    Arrays.fill(firstEdge, -1);
  }

  @Override
  public int states() {
    return member.length;
  }

  @Override
  public int start() {
    return block[0];
  }

  @Override
  public boolean accepting(int state) {
    return table.accepting(member[state]);
  }

  @Override
  public int row(int state, Rows out) {
    edges.clear();
    for (int edge = table.firstEdge(member[state]); edge < table.firstEdge(member[state] + 1); edge++) {
      if (block[table.target(edge)] >= 0) {
        edges.add(edge);
      }
    }
    Shape shape = shape();
    Known before = known.get(shape);
    if (before != null) {
      for (int edge : before.edges) {
        out.addTarget(target(edge));
      }
      return before.row;
    }
    ranges(out);
    int row = out.finish();
    int[] edgeOfSlot = new int[out.targets().size()];
    for (int slot = 0; slot < edgeOfSlot.length; slot++) {
      while (target(edgeOfSlot[slot]) != out.targets().get(slot)) {
        edgeOfSlot[slot]++;
      }
    }
    known.put(shape, new Known(row, edgeOfSlot));
    return row;
  }

  private int target(int place) {
    return block[table.target(edges.get(place))];
  }

  private Shape shape() {
    int[] symbols = new int[2 * edges.size()];
    for (int i = 0; i < edges.size(); i++) {
      int target = target(i);
      if (firstEdge[target] < 0) {
        firstEdge[target] = i;
      }
      symbols[2 * i] = table.symbol(edges.get(i));
      symbols[2 * i + 1] = firstEdge[target];
    }
    for (int i = 0; i < edges.size(); i++) {
      firstEdge[target(i)] = -1;
    }
    return new Shape(symbols);
  }

  private void ranges(Rows out) {
    int size = 0;
    for (int place = 0; place < edges.size(); place++) {
      int[] ranges = alphabet.ranges(table.symbol(edges.get(place)));
      for (int i = 0; i < ranges.length; i += 2) {
        if (size == found.length) {
          found = Arrays.copyOf(found, 2 * size);
        }
        // from, and which edge and range it is of: 21 + 20 + 20 bits
        found[size++] = (long) ranges[i] << 40 | (long) place << 20 | i;
      }
    }
    Arrays.sort(found, 0, size);
    for (int i = 0; i < size; i++) {
      int place = (int) (found[i] >> 20 & 0xFFFFF);
      int[] ranges = alphabet.ranges(table.symbol(edges.get(place)));
      int range = (int) found[i] & 0xFFFFF;
      out.add(ranges[range], ranges[range + 1], target(place));
    }
  }
}
