package io.github.llava4j.constraint.gbnf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import io.github.llava4j.constraint.gbnf.Node.Range;

/** Sets of characters, which are Unicode scalar values: surrogates are in none. */
final class Ranges {

  private static final Range SURROGATES = new Range(Character.MIN_SURROGATE, Character.MAX_SURROGATE);

  private Ranges() {}

  /** All characters that are in none of {@code ranges}, in order. */
  static List<Range> others(List<Range> ranges) {
    List<Range> taken = new ArrayList<>(ranges);
    taken.add(SURROGATES);
    taken.sort(Comparator.comparingInt(Range::from));
    List<Range> others = new ArrayList<>();
    int next = 0;
    for (Range range : taken) {
      if (range.from() > next) {
        others.add(new Range(next, range.from() - 1));
      }
      next = Math.max(next, range.to() + 1);
    }
    if (next <= Character.MAX_CODE_POINT) {
      others.add(new Range(next, Character.MAX_CODE_POINT));
    }
    return others;
  }
}
