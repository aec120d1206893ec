package io.github.llava4j.constraint.regular;

import java.util.Arrays;

/** Numbers distinct keys (not negative) from 0 in the order in which they come. */
final class LongMap {

  private static final long FREE = -1;

  private long[] keys = new long[32];
  private int[] numbers = new int[32];
  private int size;

  LongMap() {
    Arrays.fill(keys, FREE);
  }

  int size() {
    return size;
  }

  void clear() {
    if (size > 0) {
      Arrays.fill(keys, FREE);
      size = 0;
    }
  }

  /** The number of the key; a new one is {@link #size()} as it was before. */
  int number(long key) {
    int slot = slot(keys, key);
    if (keys[slot] == key) {
      return numbers[slot];
    }
    if (2 * (size + 1) > keys.length) {
      grow();
      slot = slot(keys, key);
    }
    keys[slot] = key;
    numbers[slot] = size;
    return size++;
  }

  private static int slot(long[] keys, long key) {
    long mixed = key * 0x9E3779B97F4A7C15L;
    int mask = keys.length - 1;
    int slot = (int) (mixed >>> 32) & mask;
    while (keys[slot] != FREE && keys[slot] != key) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldNumbers = numbers;
    keys = new long[2 * oldKeys.length];
    numbers = new int[keys.length];
    Arrays.fill(keys, FREE);
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != FREE) {
        int slot = slot(keys, oldKeys[i]);
        keys[slot] = oldKeys[i];
        numbers[slot] = oldNumbers[i];
      }
    }
  }
}
