package io.github.llava4j.constraint.schema;

import io.github.llava4j.constraint.grammar.Expression;
import io.github.llava4j.constraint.regular.Language;

/** A style's white space, and literals around it. */
record Spacing(Expression inside, Expression behindComma, Expression behindColon) {

  private static final int MOST_INDENT = 32;

  static Spacing of(JsonStyle style) {
    return switch (style) {
      case FLEXIBLE -> {
        Language space = Language.of(" ");
        Language line = Language.concat(Language.of("\n"), space.repeat(0, MOST_INDENT));
        Expression any = Expression.Terminal.raw(Language.union(Language.empty(), space, line));
        yield new Spacing(any, any, Expression.Terminal.raw(space.optional()));
      }
      case SPACED ->
          new Spacing(Expression.EMPTY, new Expression.Literal(" "), new Expression.Literal(" "));
      case COMPACT -> new Spacing(Expression.EMPTY, Expression.EMPTY, Expression.EMPTY);
    };
  }


  Expression comma() {
    return new Parts().text(",").add(behindComma).build();
  }

  Expression key(String name) {
    return new Parts().text(JsonValues.quoted(name) + ":").add(behindColon).build();
  }

  Expression close(String bracket) {
    return new Parts().add(inside).text(bracket).build();
  }
}
