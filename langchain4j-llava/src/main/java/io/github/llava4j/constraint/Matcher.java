package io.github.llava4j.constraint;

import java.util.List;

/** Where one answer is in its grammar. Not thread-safe. */
public interface Matcher {

  /** What a token meant: text that is certain now, or a {@link io.github.llava4j.constraint.grammar.Expression.Signal}. */
  sealed interface Piece {

    /** The answer goes on with that text; never half a character. */
    record Text(String text) implements Piece {}

    /** The answer has reached that signal, behind the text before and in front of the text after. */
    record Reached(int signal) implements Piece {}
  }

  /**
   * Whether {@code token} may follow, and the answer can then still be completed.
   *
   * @param budget tokens that are left, this one included
   */
  boolean allows(int token, int budget);

  /** The tokens that the grammar lets follow, as bits; shared, not to be changed. The budget is not looked at. */
  long[] mask();

  /** Takes the next token, which {@link #allows} must have allowed; an end token is none. */
  List<Piece> accept(int token);

  /** Whether the answer is complete as it stands. */
  boolean isAccepting();

  /** Whether it is complete and nothing can follow. */
  boolean isFinished();

  /** Whether nothing is constrained any more: all further tokens are the model's own affair. */
  boolean isFree();

  /** Whether the answer is inside a string or other free text, where penalties make sense. */
  boolean isInText();

  /** With so many tokens, and perhaps fewer, it can be completed. */
  int leastTokens();
}
