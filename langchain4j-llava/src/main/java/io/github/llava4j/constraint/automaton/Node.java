package io.github.llava4j.constraint.automaton;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A place in a grammar's network, and what it takes to go on from there. Set up by {@link NetworkBuilder}, constant
 * afterwards.
 */
final class Node {

  enum Kind {
    /** The beginning: one space, which is not part of the answer's text, or nothing, then {@code then}. */
    BEGIN,
    /** The bytes, then {@code then}. */
    LITERAL,
    /** A word of the lexeme, then {@code then}. */
    LEXEME,
    /** One of the alternatives. */
    CHOICE,
    /** The rule's body, whose end leads to {@code then}. */
    CALL,
    /** The rule's body, and nothing to come back to. */
    JUMP,
    /** {@code body} with a counter of its own, whose end leads to {@code then}. */
    SCOPE,
    /** Counts. */
    TICK,
    /** Sets marks. */
    MARK,
    /** Goes on if counter and marks are right. */
    TEST,
    /** {@code body}, which leads back here, as often as the counter lets it, then {@code then}. */
    LOOP,
    /** Tells. */
    SIGNAL,
    /** Back to where the frame says, or the end of the answer. */
    RETURN,
    /** Anything. */
    REST
  }

  final int id;
  final Kind kind;
  @Nullable Node then;
  /** Of a scope, and of a loop the item with a tick behind it that leads back. */
  @Nullable Node body;
  /** Of a loop: the same with the separator in front. */
  @Nullable Node next;
  Node[] alternatives = {};
  byte[] bytes = {};
  /** Of a literal: tokens that its rest takes at the least, from each byte on. */
  int[] rest = {};
  @Nullable Lexeme lexeme;
  @Nullable Rule rule;
  /** Of a loop: whether what its items can be depends on those before, so that they cost differently. */
  boolean itemsDiffer;
  int min;
  int max;
  long marked;
  long unmarked;
  int signal;
  /** Of a scope: counts at which it matters how many there were. */
  int[] thresholds = {};
  /** Tokens with which the end of the rule or scope can be reached, tests not looked at; {@link Costs#NEVER} if it cannot. */
  int cost = Costs.NEVER;
  /** Whether tests, ticks or marks of the scope that this stands in come after it. */
  boolean guarded;

  Node(int id, Kind kind) {
    this.id = id;
    this.kind = kind;
  }

  /** A rule; where it begins is known when it is built. */
  static final class Rule {

    final String name;
    @Nullable Node entry;
    boolean nullable;

    Rule(String name) {
      this.name = name;
    }

    Node entry() {
      return Objects.requireNonNull(entry);
    }
  }

  Node then() {
    return Objects.requireNonNull(then);
  }

  Node body() {
    return Objects.requireNonNull(body);
  }

  Node next() {
    return Objects.requireNonNull(next);
  }

  Lexeme lexeme() {
    return Objects.requireNonNull(lexeme);
  }

  Rule rule() {
    return Objects.requireNonNull(rule);
  }
}
