package io.github.llava4j.constraint.gbnf;

import io.github.llava4j.constraint.grammar.Expression;
import io.github.llava4j.constraint.regular.Language;

/** What a part of a grammar was compiled to. */
sealed interface Part {

  /** The empty text alone. */
  Part EMPTY = new Word("");

  /** No text at all. */
  record Nothing() implements Part {}

  /** One text. */
  record Word(String text) implements Part {}

  /** A regular language that is small enough to be joined with its neighbours. */
  record Regular(Language language) implements Part {}

  /** Everything else. */
  record Other(Expression body) implements Part {}

  /** The same as an expression; {@link Nothing} has none. */
  default Expression expression() {
    return switch (this) {
      case Nothing nothing -> throw new IllegalStateException("nothing matches");
      case Word word -> word.text().isEmpty() ? Expression.EMPTY : new Expression.Literal(word.text());
      case Regular regular -> Expression.Terminal.raw(regular.language());
      case Other other -> other.body();
    };
  }
}
