package io.github.llava4j.constraint.grammar;

import java.util.List;

import io.github.llava4j.constraint.regular.Language;

/**
 * What a grammar's rules are made of. Immutable.
 *
 * <p>A {@link Scope} has a counter and marks, which {@link Tick}, {@link Mark}, {@link Test} and {@link Loop} use: those of
 * the innermost scope, whether they stand in it directly or in a rule that it reaches by calls in tail position. (A call in
 * tail position, the last thing of its rule or scope, is a jump; any other call begins with no scope of its own, and none
 * of the four may stand in a rule so called unless inside a scope there.) Whoever builds a grammar with tests sees to it
 * that they never lead into a dead end: from every place that can be reached, the end can be reached.
 */
public sealed interface Expression {

  /** Nothing: the empty sequence. */
  Expression EMPTY = new Sequence(List.of());

  /** Exactly this text. */
  record Literal(String text) implements Expression {}

  /**
   * A word of a regular language.
   *
   * @param minLength least characters (Unicode code points) of the word, quotes and escapes not counted. Above 0 only
   *     where {@code language} is {@link Language#any()}: other languages bring their least length with them
   * @param maxLength most characters; {@link Integer#MAX_VALUE} for no limit
   */
  record Terminal(Language language, Encoding encoding, int minLength, int maxLength) implements Expression {

    public static Terminal raw(Language language) {
      return new Terminal(language, Encoding.RAW, 0, Integer.MAX_VALUE);
    }

    public static Terminal jsonString(Language language) {
      return new Terminal(language, Encoding.JSON_STRING, 0, Integer.MAX_VALUE);
    }
  }

  /** How a terminal's word is written. */
  enum Encoding {
    /** As UTF-8. */
    RAW,
    /**
     * As a JSON string, quotes included, each character in one spelling only: raw UTF-8, but for {@code \" \\ \n \t \r \b
     * \f} and, for other characters below U+0020, a backslash, {@code u00} and two lower-case hexadecimal digits.
     */
    JSON_STRING
  }

  /** One after the other. */
  record Sequence(List<Expression> parts) implements Expression {

    public Sequence {
      parts = List.copyOf(parts);
    }

    public static Sequence of(Expression... parts) {
      return new Sequence(List.of(parts));
    }
  }

  /** One of them; at least one. */
  record Choice(List<Expression> alternatives) implements Expression {

    public Choice {
      alternatives = List.copyOf(alternatives);
    }

    public static Choice of(Expression... alternatives) {
      return new Choice(List.of(alternatives));
    }
  }

  /**
   * An expression several times. Opens a scope of its own if it has to count.
   *
   * @param item never matches the empty text
   * @param separator between two items; {@link #EMPTY} for none
   * @param max {@link Integer#MAX_VALUE} for no limit
   */
  record Repeat(Expression item, Expression separator, int min, int max) implements Expression {}

  /**
   * As {@link Repeat}, but on the counter of the scope that it stands in, where {@code n} items were counted before: the
   * separator stands in front of the first item, too, if n is not 0, and {@code min} and {@code max} hold for all.
   */
  record Loop(Expression item, Expression separator, int min, int max) implements Expression {}

  /** What the rule says. */
  record Call(String rule) implements Expression {}

  /** {@code body} with a counter at 0 and no marks. */
  record Scope(Expression body) implements Expression {}

  /** Adds one to the counter. */
  record Tick() implements Expression {}

  /** Sets mark {@code bit}, 0 to 63. */
  record Mark(int bit) implements Expression {}

  /**
   * Matches nothing, and only if the counter and the marks are so.
   *
   * @param marked marks that must be set, as bits
   * @param unmarked marks that must not be set
   */
  record Test(int minCount, int maxCount, long marked, long unmarked) implements Expression {}

  /** Matches nothing, and tells who reads the answer that it got here. */
  record Signal(int id) implements Expression {}

  /** From here on anything: the answer is not constrained any more. Only as the last thing of a grammar. */
  record Rest() implements Expression {}
}
