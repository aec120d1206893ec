package io.github.llava4j.constraint.automaton;

import org.jspecify.annotations.Nullable;

/** Where to go on when a rule or scope ends, and that scope's counter and marks. A stack of them is a list. */
final class Frame {

  final @Nullable Frame parent;
  final Node back;
  /** The scope's thresholds; none for a rule. */
  final int[] thresholds;
  final int count;
  final long marks;
  final int depth;
  private final int hash;
  /** The same with counters that say no more than needed; made when it is first asked for. */
  @Nullable Frame canonical;
  /** Tokens from its end to that of the answer; -1 until it is asked for. */
  int least = -1;

  Frame(@Nullable Frame parent, Node back, int[] thresholds, int count, long marks) {
    this.parent = parent;
    this.back = back;
    this.thresholds = thresholds;
    this.count = count;
    this.marks = marks;
    this.depth = parent == null ? 1 : parent.depth + 1;
    this.hash = 31 * (31 * (31 * (parent == null ? 7 : parent.hash) + back.id) + count) + Long.hashCode(marks);
  }

  Frame with(int newCount, long newMarks) {
    return new Frame(parent, back, thresholds, newCount, newMarks);
  }

  static boolean same(@Nullable Frame a, @Nullable Frame b) {
    Frame left = a;
    Frame right = b;
    while (left != right) {
      if (left == null || right == null || left.hash != right.hash || left.back != right.back || left.count != right.count
          || left.marks != right.marks || left.depth != right.depth) {
        return false;
      }
      left = left.parent;
      right = right.parent;
    }
    return true;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Frame that && same(this, that);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
