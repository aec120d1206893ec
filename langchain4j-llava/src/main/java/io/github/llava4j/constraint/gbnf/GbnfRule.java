package io.github.llava4j.constraint.gbnf;

import java.util.List;

/**
 * A rule.
 *
 * @param place of its name
 * @param references all that its body has, in order
 */
record GbnfRule(String name, Node.Place place, Node body, List<Node.Reference> references) {

  /** The rule that an answer follows. */
  static final String ROOT = "root";

  GbnfRule {
    references = List.copyOf(references);
  }
}
