package io.github.llava4j.text.jinja;

import java.util.List;

import org.jspecify.annotations.Nullable;

/** A piece of a template: what it writes or does. */
sealed interface Node {

  /** Text outside of tags. */
  record Data(Marked text) implements Node {}

  /** {@code {{ value }}}. */
  record Print(int line, Expression value) implements Node {}

  /** {@code for}: {@code condition} may be null; {@code otherwise} is run if there was no item. */
  record For(
      int line, List<String> targets, Expression items, @Nullable Expression condition, List<Node> body, List<Node> otherwise)
      implements Node {}

  /** The first branch whose condition holds; a null condition is {@code else}. */
  record If(List<Branch> branches) implements Node {}

  record Branch(@Nullable Expression condition, List<Node> body) {}

  /** {@code set} of names; of one attribute of a namespace if {@code attribute} is not null. */
  record Set(int line, List<String> targets, @Nullable String attribute, Expression value) implements Node {}

  /** {@code set} of what a block writes. */
  record SetBlock(String target, List<Node> body) implements Node {}

  /** {@code macro}: a parameter without a default has null in its place. */
  record Macro(String name, List<String> parameters, List<@Nullable Expression> defaults, List<Node> body) implements Node {}

  /** A block that only marks what it holds: {@code generation}. */
  record Group(List<Node> body) implements Node {}

  record Break() implements Node {}

  record Continue() implements Node {}
}
