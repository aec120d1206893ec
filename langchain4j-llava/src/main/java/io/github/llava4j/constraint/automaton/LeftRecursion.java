package io.github.llava4j.constraint.automaton;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.llava4j.ConstraintException;
import io.github.llava4j.constraint.automaton.Node.Kind;
import io.github.llava4j.constraint.automaton.Node.Rule;

/** Finds rules that come back to themselves before anything is written: those would go round for ever. */
final class LeftRecursion {

  private LeftRecursion() {}

  static void refuse(Collection<Rule> rules, Emptiness emptiness) {
    Map<Rule, Set<Rule>> calls = new HashMap<>();
    rules.forEach(rule -> calls.put(rule, firstCalls(rule.entry(), emptiness)));
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

  private static Set<Rule> firstCalls(Node entry, Emptiness emptiness) {
    Set<Rule> found = new LinkedHashSet<>();
    Set<Node> seen = new HashSet<>();
    ArrayDeque<Node> open = new ArrayDeque<>(List.of(entry));
    while (!open.isEmpty()) {
      Node node = open.pop();
      if (!seen.add(node)) {
        continue;
      }
      if (node.kind == Kind.CALL || node.kind == Kind.JUMP) {
        found.add(node.rule());
      } else if (node.kind == Kind.SCOPE) {
        open.add(node.body());
      }
      open.addAll(emptiness.withoutByte(node));
    }
    return found;
  }
}
