package io.github.llava4j.constraint.regular;

import java.util.Arrays;
import java.util.function.IntPredicate;

/** A set of characters as sorted disjoint ranges [from, to, from, to ...] that neither touch nor cross the surrogates. */
final class CharacterSet {

  static final CharacterSet NONE = new CharacterSet(Language.NO_INTS);
  static final CharacterSet ALL = range(0, Characters.LAST);

  private final int[] ranges;

  private CharacterSet(int[] ranges) {
    this.ranges = ranges;
  }

  static CharacterSet range(int from, int to) {
    if (from < 0 || to > Characters.LAST || from > to) {
      throw new IllegalArgumentException("characters " + from + " to " + to);
    }
    return normal(new long[] {(long) from << 32 | to});
  }

  static CharacterSet of(int... characters) {
    long[] ranges = new long[characters.length];
    for (int i = 0; i < characters.length; i++) {
      ranges[i] = (long) characters[i] << 32 | characters[i];
    }
    return normal(ranges);
  }

  static CharacterSet where(IntPredicate test) {
    IntList found = new IntList();
    boolean inside = false;
    for (int i = 0; i <= Characters.LAST + 1; i++) {
      boolean now = i <= Characters.LAST && !Characters.isSurrogate(i) && test.test(i);
      if (now != inside) {
        found.add(now ? i : i - 1);
        inside = now;
      }
    }
    return new CharacterSet(found.toArray());
  }

  CharacterSet union(CharacterSet other) {
    long[] all = new long[(ranges.length + other.ranges.length) / 2];
    int size = 0;
    for (int[] some : new int[][] {ranges, other.ranges}) {
      for (int i = 0; i < some.length; i += 2) {
        all[size++] = (long) some[i] << 32 | some[i + 1];
      }
    }
    return normal(all);
  }

  CharacterSet complement() {
    long[] gaps = new long[ranges.length / 2 + 1];
    int next = 0;
    int size = 0;
    for (int i = 0; i < ranges.length; i += 2) {
      if (next < ranges[i]) {
        gaps[size++] = (long) next << 32 | (ranges[i] - 1);
      }
      next = ranges[i + 1] + 1;
    }
    if (next <= Characters.LAST) {
      gaps[size++] = (long) next << 32 | Characters.LAST;
    }
    return normal(Arrays.copyOf(gaps, size));
  }

  /** Not to be changed. */
  int[] ranges() {
    return ranges;
  }

  boolean contains(int character) {
    for (int i = 0; i < ranges.length; i += 2) {
      if (character >= ranges[i] && character <= ranges[i + 1]) {
        return true;
      }
    }
    return false;
  }

  /** All texts of one of these characters. */
  Language language() {
    return ranges.length == 0 ? Language.none() : step(ranges);
  }

  /** The text of one mark of {@link Characters}. */
  static Language mark(int mark) {
    return step(new int[] {mark, mark});
  }

  private static Language step(int[] ranges) {
    int size = ranges.length / 2;
    int[] from = new int[size];
    int[] to = new int[size];
    for (int i = 0; i < size; i++) {
      from[i] = ranges[2 * i];
      to[i] = ranges[2 * i + 1];
    }
    Row row = new Row(from, to, new int[size], 1);
    Row end = new Row(Language.NO_INTS, Language.NO_INTS, Language.NO_INTS, 0);
    return new Language(new Row[] {row, end}, new int[] {0, 1}, new int[] {0, 1, 1}, new int[] {1}, new boolean[] {false, true});
  }

  private static CharacterSet normal(long[] unsorted) {
    long[] sorted = unsorted.clone();
    Arrays.sort(sorted);
    IntList joined = new IntList();
    for (long range : sorted) {
      int from = (int) (range >> 32);
      int to = (int) range;
      if (from <= Characters.LAST_BELOW_SURROGATES) {
        join(joined, from, Math.min(to, Characters.LAST_BELOW_SURROGATES));
      }
      if (to >= Characters.FIRST_ABOVE_SURROGATES) {
        join(joined, Math.max(from, Characters.FIRST_ABOVE_SURROGATES), to);
      }
    }
    return new CharacterSet(joined.toArray());
  }

  private static void join(IntList joined, int from, int to) {
    int last = joined.size() - 1;
    if (last > 0 && from <= joined.get(last) + 1) {
      joined.set(last, Math.max(joined.get(last), to));
    } else {
      joined.add(from);
      joined.add(to);
    }
  }
}
