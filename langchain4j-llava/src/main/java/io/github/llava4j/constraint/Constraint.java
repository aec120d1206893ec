package io.github.llava4j.constraint;

import io.github.llava4j.constraint.grammar.Grammar;

/** A grammar made ready for one vocabulary. Thread-safe; what it finds out about its states serves all later answers. */
public final class Constraint {

  private final Grammar grammar;
  private final TokenTable tokens;

  private Constraint(Grammar grammar, TokenTable tokens) {
    this.grammar = grammar;
    this.tokens = tokens;
  }

  /**
   * Prepares a grammar.
   *
   * @throws io.github.llava4j.ConstraintException if nothing matches it, or it exceeds a limit
   */
  public static Constraint of(Grammar grammar, TokenTable tokens) {
    return new Constraint(grammar, tokens);
  }

  /** At the beginning of an answer. */
  public Matcher start() {
    throw new UnsupportedOperationException(grammar + " " + tokens);
  }

  /** Tokens with which an answer can be written in any case: a budget below that is refused. */
  public int leastTokens() {
    throw new UnsupportedOperationException();
  }
}
