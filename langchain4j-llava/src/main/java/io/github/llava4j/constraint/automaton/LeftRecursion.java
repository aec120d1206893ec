package io.github.llava4j.constraint.automaton;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import io.github.llava4j.ConstraintException;
import io.github.llava4j.constraint.automaton.Node.Rule;

/** Finds rules that come back to themselves before anything is written: those would go round for ever. */
final class LeftRecursion {

  private LeftRecursion() {}

  static void refuse(Collection<Rule> rules, Predicate<Node> canBeEmpty) {
    Map<Rule, Set<Rule>> calls = new HashMap<>();
    rules.forEach(rule -> calls.put(rule, firstCalls(rule.entry(), canBeEmpty)));
    // Rules that call nothing that is left are taken away, until nothing goes; what stays is in a circle, or leads to one.
    Map<Rule, Integer> open = new HashMap<>();
    Map<Rule, Set<Rule>> callers = new HashMap<>();
    calls.forEach((rule, called) -> {
      open.put(rule, called.size());
      called.forEach(other -> callers.computeIfAbsent(other, key -> new LinkedHashSet<>()).add(rule));
    });
    ArrayDeque<Rule> done = new ArrayDeque<>();
    open.forEach((rule, count) -> {
      if (count == 0) {
        done.add(rule);
      }
    });
    while (!done.isEmpty()) {
      Rule rule = done.poll();
      open.remove(rule);
      for (Rule caller : callers.getOrDefault(rule, Set.of())) {
        if (open.merge(caller, -1, Integer::sum) == 0) {
          done.add(caller);
        }
      }
    }
    if (!open.isEmpty()) {
      Rule rule = rules.stream().filter(open::containsKey).findFirst().orElseThrow();
      throw new ConstraintException(
          "the rule " + circle(rule, calls, open.keySet()) + " of the grammar calls itself before it has written anything (left recursion)");
    }
  }

  private static String circle(Rule start, Map<Rule, Set<Rule>> calls, Set<Rule> open) {
    Set<Rule> seen = new HashSet<>();
    Rule rule = start;
    while (seen.add(rule)) {
      rule = calls.getOrDefault(rule, Set.of()).stream().filter(open::contains).findFirst().orElseThrow();
    }
    return rule.name;
  }

  private static Set<Rule> firstCalls(Node entry, Predicate<Node> canBeEmpty) {
    Set<Rule> found = new LinkedHashSet<>();
    Set<Node> seen = new HashSet<>();
    ArrayDeque<Node> open = new ArrayDeque<>(List.of(entry));
    while (!open.isEmpty()) {
      Node node = open.pop();
      if (!seen.add(node)) {
        continue;
      }
      switch (node.kind) {
        case LITERAL, RETURN, REST, BEGIN -> { }
        case LEXEME -> {
          if (node.lexeme().minLength == 0 && node.lexeme().accepts(node.lexeme().start)) {
            open.add(node.then());
          }
        }
        case CHOICE -> open.addAll(List.of(node.alternatives));
        case CALL, JUMP -> {
          found.add(node.rule());
          if (node.rule().nullable) {
            open.add(node.then());
          }
        }
        case SCOPE -> {
          open.add(node.body());
          if (canBeEmpty.test(node.body())) {
            open.add(node.then());
          }
        }
        case LOOP -> open.addAll(List.of(node.body(), node.then()));
        case TICK, MARK, TEST, SIGNAL -> open.add(node.then());
      }
    }
    return found;
  }
}
