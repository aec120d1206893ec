package io.github.llava4j.constraint.automaton;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.github.llava4j.ConstraintException;
import io.github.llava4j.constraint.automaton.Node.Kind;
import io.github.llava4j.constraint.automaton.Node.Rule;

/** What a network can do without writing a byte. Tests are taken as passed. */
final class Emptiness {

  private final Node end;

  /** @param end of every rule and scope */
  Emptiness(Node end) {
    this.end = end;
  }

  /**
   * Marks the rules that can end without having written anything.
   *
   * @throws ConstraintException if such a thing is repeated
   */
  void mark(Collection<Rule> rules, List<Node> nodes) {
    boolean changed = true;
    while (changed) {
      changed = false;
      for (Rule rule : rules) {
        if (!rule.nullable && canBeEmpty(rule.entry())) {
          rule.nullable = true;
          changed = true;
        }
      }
    }
    for (Node node : nodes) {
      if (node.kind == Kind.LOOP && reaches(node.body(), node)) {
        throw new ConstraintException("the grammar repeats something that can be empty");
      }
    }
  }

  private boolean canBeEmpty(Node from) {
    return reaches(from, end);
  }

  private boolean reaches(Node from, Node to) {
    Set<Node> seen = new HashSet<>();
    ArrayDeque<Node> open = new ArrayDeque<>(List.of(from));
    while (!open.isEmpty()) {
      Node node = open.pop();
      if (node == to) {
        return true;
      }
      if (seen.add(node)) {
        open.addAll(withoutByte(node));
      }
    }
    return false;
  }

  /** Where a node leads without a byte, calls and scopes that can be empty stepped over. */
  List<Node> withoutByte(Node node) {
    return switch (node.kind) {
      case LITERAL, RETURN, REST, BEGIN -> List.of();
      case LEXEME -> node.lexeme().canBeEmpty() ? List.of(node.then()) : List.of();
      case CHOICE -> List.of(node.alternatives);
      case CALL, JUMP -> node.rule().nullable ? List.of(node.then()) : List.of();
      case SCOPE -> canBeEmpty(node.body()) ? List.of(node.then()) : List.of();
      case TICK, MARK, TEST, SIGNAL -> List.of(node.then());
      case LOOP -> node.min == 0 ? List.of(node.then(), node.body()) : List.of(node.body());
    };
  }
}
