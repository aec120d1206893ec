package io.github.llava4j.text.jinja;

import java.util.List;

import org.jspecify.annotations.Nullable;

/** A piece of a template that has a value. */
sealed interface Expression {

  record Literal(@Nullable Object value) implements Expression {}

  record Name(String name) implements Expression {}

  record ListOf(List<Expression> items) implements Expression {}

  record DictOf(List<Expression> keys, List<Expression> values) implements Expression {}

  record Attribute(Expression of, String name) implements Expression {}

  record Item(Expression of, Expression key) implements Expression {}

  /** Bounds may be null. */
  record Slice(Expression of, @Nullable Expression from, @Nullable Expression to, @Nullable Expression step) implements Expression {}

  record Call(int line, Expression function, Arguments arguments) implements Expression {}

  record Filter(int line, Expression of, String name, Arguments arguments) implements Expression {}

  record Test(int line, Expression of, String name, Arguments arguments, boolean negated) implements Expression {}

  record Unary(String operator, Expression of) implements Expression {}

  record Binary(int line, String operator, Expression left, Expression right) implements Expression {}

  /** {@code a < b <= c}: each neighbouring pair must hold. */
  record Comparison(int line, List<String> operators, List<Expression> operands) implements Expression {}

  /** {@code yes if condition else no}; {@code no} may be null. */
  record Choice(Expression condition, Expression yes, @Nullable Expression no) implements Expression {}

  /** Arguments by place, then by name. */
  record Arguments(List<Expression> places, List<String> names, List<Expression> named) {
    static final Arguments NONE = new Arguments(List.of(), List.of(), List.of());
  }
}
