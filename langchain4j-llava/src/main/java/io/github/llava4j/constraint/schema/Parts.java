package io.github.llava4j.constraint.schema;

import java.util.ArrayList;
import java.util.List;

import io.github.llava4j.constraint.grammar.Expression;

/** A sequence in the making: literals beside each other become one. */
final class Parts {

  private final List<Expression> parts = new ArrayList<>();
  private final StringBuilder literal = new StringBuilder();

  Parts text(String text) {
    literal.append(text);
    return this;
  }

  Parts add(Expression part) {
    switch (part) {
      case Expression.Literal text -> literal.append(text.text());
      case Expression.Sequence sequence -> sequence.parts().forEach(this::add);
      default -> {
        flush();
        parts.add(part);
      }
    }
    return this;
  }

  private void flush() {
    if (!literal.isEmpty()) {
      parts.add(new Expression.Literal(literal.toString()));
      literal.setLength(0);
    }
  }

  Expression build() {
    flush();
    return parts.size() == 1 ? parts.get(0) : new Expression.Sequence(parts);
  }

  static Expression choice(List<Expression> alternatives) {
    return alternatives.size() == 1 ? alternatives.get(0) : new Expression.Choice(alternatives);
  }
}
