package io.github.llava4j.constraint;

import io.github.llava4j.UnsupportedConstraintException;
import io.github.llava4j.constraint.automaton.Machine;
import io.github.llava4j.constraint.automaton.Matcher;
import io.github.llava4j.constraint.grammar.Grammar;
import io.github.llava4j.constraint.token.TokenTable;
import io.github.llava4j.kernels.Internal;

/**
 * A grammar made ready for one vocabulary: what answers are held to. Thread-safe; what it finds out about its states serves
 * all answers.
 */
public final class Constraint {

  private final Machine machine;
  private final int leastTokens;

  private Constraint(Machine machine) {
    this.machine = machine;
    this.leastTokens = machine.start().leastTokens();
  }

  /**
   * Prepares a grammar.
   *
   * @throws io.github.llava4j.ConstraintException if nothing matches it, or it exceeds a limit
   * @throws UnsupportedConstraintException if the vocabulary cannot spell every byte
   */
  @Internal
  public static Constraint of(Grammar grammar, TokenTable tokens) {
    if (!tokens.isComplete()) {
      throw new UnsupportedConstraintException(
          "answers of this model cannot be held to a grammar: its vocabulary has no tokens for single bytes");
    }
    return new Constraint(new Machine(grammar, tokens));
  }

  /** At the beginning of an answer. */
  @Internal
  public Matcher start() {
    return machine.start();
  }

  /** Tokens with which an answer can be written in any case; fewer may do. */
  public int leastTokens() {
    return leastTokens;
  }

  /** How many different states answers were in, for reports. */
  @Internal
  public int states() {
    return machine.states();
  }
}
