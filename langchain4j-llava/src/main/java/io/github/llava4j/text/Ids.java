package io.github.llava4j.text;

import java.util.Arrays;

/** A growing list of token ids, unboxed. */
final class Ids {

  private int[] values = new int[16];
  private int size;

  void add(int id) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    values[size++] = id;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** The ids so far; the list is empty afterwards. */
  int[] take() {
    int[] taken = Arrays.copyOf(values, size);
    size = 0;
    return taken;
  }
}
