package io.github.llava4j.constraint.regular;

import java.util.Arrays;

/** A table with equivalent states joined, as characters again. */
final class Quotient implements Assembler.Source {

  private final Table table;
  private final Alphabet alphabet;
  private final int[] block;
  private final int[] member;
  private long[] found = new long[16];

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
  public void ranges(int state, Assembler.Ranges out) {
    int representative = member[state];
    int size = 0;
    for (int edge = table.firstEdge(representative); edge < table.firstEdge(representative + 1); edge++) {
      if (block[table.target(edge)] >= 0) {
        int[] ranges = alphabet.ranges(table.symbol(edge));
        for (int i = 0; i < ranges.length; i += 2) {
          if (size == found.length) {
            found = Arrays.copyOf(found, 2 * size);
          }
          // from, and which edge and range it is of: 21 + 20 + 20 bits
          found[size++] = (long) ranges[i] << 40 | (long) (edge - table.firstEdge(representative)) << 20 | i;
        }
      }
    }
    Arrays.sort(found, 0, size);
    for (int i = 0; i < size; i++) {
      int edge = table.firstEdge(representative) + (int) (found[i] >> 20 & 0xFFFFF);
      int[] ranges = alphabet.ranges(table.symbol(edge));
      int range = (int) found[i] & 0xFFFFF;
      out.add(ranges[range], ranges[range + 1], block[table.target(edge)]);
    }
  }
}
