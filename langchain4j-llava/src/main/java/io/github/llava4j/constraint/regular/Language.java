package io.github.llava4j.constraint.regular;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

import io.github.llava4j.ConstraintException;

/**
 * A regular language over characters (Unicode scalar values: surrogates are none) as its minimal automaton. Immutable; two
 * are equal exactly if they hold the same texts.
 *
 * <p>The automaton has states from 0, the start; {@link #none()} has no state at all. From every state acceptance can be
 * reached. A state's edges are sorted disjoint ranges of characters; no range crosses the surrogates.
 *
 * <p>Every operation throws a {@link ConstraintException} if its automaton becomes too large (more than {@value
 * #MAX_STATES} states, not counting those of the operands that come from word lists) or takes longer than 250 ms.
 */
public final class Language {

  /** Most states of an automaton that is not a word list. */
  public static final int MAX_STATES = 20_000;

  static final int[] NO_INTS = {};

  private static final Language NONE = new Language(new Row[0], NO_INTS, new int[1], NO_INTS, new boolean[0]);
  private static final Language EMPTY = new Language(new Row[] {new Row(NO_INTS, NO_INTS, NO_INTS, 0)}, new int[1],
      new int[2], NO_INTS, new boolean[] {true});
  static final Row ALL = new Row(new int[] {0, Characters.FIRST_ABOVE_SURROGATES},
      new int[] {Characters.LAST_BELOW_SURROGATES, Characters.LAST}, new int[2], 1);
  private static final Language ANY =
      new Language(new Row[] {ALL}, new int[1], new int[] {0, 1}, new int[1], new boolean[] {true});

  private final Row[] rows;
  private final int[] rowOf;
  /** State by state the targets of its row's slots. */
  private final int[] targets;
  private final int[] firstTarget;
  private final boolean[] accepting;
  private final int[] distance;
  private final int longest;
  private final int hash;

  /** Takes a minimal automaton in the order of {@link Assembler}. */
  Language(Row[] rows, int[] rowOf, int[] firstTarget, int[] targets, boolean[] accepting) {
    this.rows = rows;
    this.rowOf = rowOf;
    this.firstTarget = firstTarget;
    this.targets = targets;
    this.accepting = accepting;
    distance = Distances.shortest(targets, firstTarget, accepting);
    longest = Distances.longest(targets, firstTarget);
    hash = 31 * Arrays.hashCode(targets) + Arrays.hashCode(accepting);
  }

  /** No text. */
  public static Language none() {
    return NONE;
  }

  /** The empty text alone. */
  public static Language empty() {
    return EMPTY;
  }

  /** All texts. */
  public static Language any() {
    return ANY;
  }

  /** One text. */
  public static Language of(String text) {
    return ofAll(List.of(text));
  }

  /** Some texts; takes time in proportion to their length. */
  public static Language ofAll(Collection<String> texts) {
    return WordList.language(texts);
  }

  /** One character of a range, both ends included; surrogates in it do not count. */
  public static Language range(int fromCodePoint, int toCodePoint) {
    return CharacterSet.range(fromCodePoint, toCodePoint).language();
  }

  /** One after the other. */
  public static Language concat(Language... parts) {
    return Glue.concat(List.of(parts), Deadline.start());
  }

  /** One of them; none of none. */
  public static Language union(Language... alternatives) {
    return union(List.of(alternatives), Deadline.start());
  }

  /** Pairs, pairs of pairs and so on, so that nothing is joined to a large rest again and again. */
  static Language union(List<Language> alternatives, Deadline deadline) {
    List<Language> round = alternatives;
    while (round.size() > 1) {
      List<Language> next = new ArrayList<>();
      for (int i = 0; i + 1 < round.size(); i += 2) {
        next.add(round.get(i).or(round.get(i + 1), deadline));
      }
      if (round.size() % 2 == 1) {
        next.add(round.getLast());
      }
      round = next;
    }
    return round.isEmpty() ? NONE : round.getFirst();
  }

  private Language or(Language other, Deadline deadline) {
    if (isNone() || other.isAny() || equals(other)) {
      return other;
    }
    return other.isNone() || isAny() ? this : Product.of(Product.Kind.EITHER, this, other, deadline);
  }

  /**
   * This language from {@code min} to {@code max} times.
   *
   * @param max {@link Integer#MAX_VALUE} for no limit
   */
  public Language repeat(int min, int max) {
    if (min < 0 || max < min) {
      throw new IllegalArgumentException("repeat " + min + " to " + max + " times");
    }
    return Glue.repeat(this, min, max, Deadline.start());
  }

  /** This language and the empty text. */
  public Language optional() {
    return or(EMPTY, Deadline.start());
  }

  /** The texts that are in both. */
  public Language and(Language other) {
    return and(other, Deadline.start());
  }

  Language and(Language other, Deadline deadline) {
    if (isNone() || other.isAny() || equals(other)) {
      return this;
    }
    return other.isNone() || isAny() ? other : Product.of(Product.Kind.BOTH, this, other, deadline);
  }

  /** The texts that are here and not there. */
  public Language minus(Language other) {
    return minus(other, Deadline.start());
  }

  Language minus(Language other, Deadline deadline) {
    if (other.isAny()) {
      return NONE;
    }
    if (isAny()) {
      return other.isNone() ? ANY : Assembler.assemble(new Complement(other));
    }
    return isNone() || other.isNone() ? this : Product.of(Product.Kind.FIRST_ONLY, this, other, deadline);
  }

  /** All other texts. */
  public Language complement() {
    return ANY.minus(this);
  }

  /**
   * The texts of {@code min} to {@code max} characters.
   *
   * @param max {@link Integer#MAX_VALUE} for no limit
   */
  public Language withLength(int min, int max) {
    if (min < 0 || max < min) {
      throw new IllegalArgumentException("a length of " + min + " to " + max);
    }
    int least = min <= shortestLength() ? 0 : min;
    int most = max >= longestLength() ? Integer.MAX_VALUE : max;
    if (least == 0 && most == Integer.MAX_VALUE) {
      return this;
    }
    Deadline deadline = Deadline.start();
    return and(Glue.repeat(CharacterSet.ALL.language(), least, most, deadline), deadline);
  }

  public boolean isNone() {
    return accepting.length == 0;
  }

  public boolean isAny() {
    return equals(ANY);
  }

  boolean isEmptyText() {
    return accepting.length == 1 && targets.length == 0;
  }

  public boolean contains(String text) {
    if (isNone()) {
      return false;
    }
    int state = 0;
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      int slot = rows[rowOf[state]].slotOf(codePoint);
      if (slot < 0) {
        return false;
      }
      state = slotTarget(state, slot);
      i += Character.charCount(codePoint);
    }
    return accepting[state];
  }

  public boolean isDisjoint(Language other) {
    return and(other).isNone();
  }

  /** Characters of the shortest text; {@link Integer#MAX_VALUE} if there is no text. */
  public int shortestLength() {
    return isNone() ? Integer.MAX_VALUE : distance[0];
  }

  /** Characters of the longest text; {@link Integer#MAX_VALUE} if there is no longest one, 0 if there is no text. */
  public int longestLength() {
    return longest;
  }

  public int states() {
    return accepting.length;
  }

  /** Always 0. */
  public int start() {
    return 0;
  }

  public boolean accepting(int state) {
    return accepting[state];
  }

  public int rangeCount(int state) {
    return rows[rowOf[state]].size();
  }

  /** First character of a state's range. */
  public int rangeFrom(int state, int range) {
    return rows[rowOf[state]].from[range];
  }

  /** Last character of a state's range. */
  public int rangeTo(int state, int range) {
    return rows[rowOf[state]].to[range];
  }

  public int target(int state, int range) {
    return slotTarget(state, rows[rowOf[state]].slot[range]);
  }

  /** Fewest characters from this state to acceptance. */
  public int distance(int state) {
    return distance[state];
  }

  Row[] rows() {
    return rows;
  }

  int row(int state) {
    return rowOf[state];
  }

  int slotTarget(int state, int slot) {
    return targets[firstTarget[state] + slot];
  }

  @Override
  public boolean equals(Object other) {
    if (this == other) {
      return true;
    }
    if (!(other instanceof Language language) || hash != language.hash || !Arrays.equals(targets, language.targets)
        || !Arrays.equals(accepting, language.accepting)) {
      return false;
    }
    for (int state = 0; state < accepting.length; state++) {
      if (!rows[rowOf[state]].equals(language.rows[language.rowOf[state]])) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return "Language[" + states() + " states, texts of " + (isNone() ? "no" : shortestLength() + " to "
        + (longest == Integer.MAX_VALUE ? "any number of" : longest)) + " characters]";
  }
}
