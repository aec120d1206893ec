package io.github.llava4j.constraint.automaton;

import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Ways through a network. */
final class Walk {

  private Walk() {}

  /** The nodes that share a scope with its first: over calls and inner scopes, into rules that are jumped to. */
  static Set<Node> ofScope(Node body) {
    Set<Node> seen = new LinkedHashSet<>();
    ArrayDeque<Node> open = new ArrayDeque<>(List.of(body));
    while (!open.isEmpty()) {
      Node node = open.pop();
      if (seen.add(node)) {
        open.addAll(successors(node));
      }
    }
    return seen;
  }

  /** Where a node leads to within its scope. */
  static List<Node> successors(Node node) {
    return switch (node.kind) {
      case RETURN, REST, BEGIN -> List.of();
      case CHOICE -> List.of(node.alternatives);
      case JUMP -> List.of(node.rule().entry());
      case LOOP -> List.of(node.body(), node.next(), node.then());
      case LITERAL, LEXEME, CALL, SCOPE, TICK, MARK, TEST, SIGNAL -> List.of(node.then());
    };
  }
}
