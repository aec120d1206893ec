package io.github.llava4j.constraint.regular;

import java.util.Arrays;

/**
 * How a state tells characters apart: sorted disjoint ranges, each with the number of one of the state's targets. Targets
 * are numbered in the order in which they come up, so rows of many states are equal and are kept once.
 */
final class Row {

  final int[] from;
  final int[] to;
  final int[] slot;
  final int slots;
  private final int hash;

  Row(int[] from, int[] to, int[] slot, int slots) {
    this.from = from;
    this.to = to;
    this.slot = slot;
    this.slots = slots;
    hash = 31 * (31 * Arrays.hashCode(from) + Arrays.hashCode(to)) + Arrays.hashCode(slot);
  }

  int size() {
    return from.length;
  }

  /** The slot of a character, -1 if there is none. */
  int slotOf(int codePoint) {
    int low = 0;
    int high = from.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (codePoint < from[middle]) {
        high = middle - 1;
      } else if (codePoint > to[middle]) {
        low = middle + 1;
      } else {
        return slot[middle];
      }
    }
    return -1;
  }

  @Override
  public boolean equals(Object other) {
    return this == other || other instanceof Row row && hash == row.hash && Arrays.equals(from, row.from)
        && Arrays.equals(to, row.to) && Arrays.equals(slot, row.slot);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
