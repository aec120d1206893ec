package io.github.llava4j.constraint.gbnf;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import io.github.llava4j.ConstraintException;

/** What must be known of rules before they are compiled, as least fixed points; and that none is left recursive. */
final class GbnfAnalysis {

  private final Map<String, GbnfRule> rules;
  private final Map<String, List<String>> users = new HashMap<>();
  private final List<GbnfRule> order;
  private final Set<String> nullable;
  private final Set<String> productive;
  private final Set<String> visible;

  /** @throws ConstraintException for left recursion, and if nothing matches {@code root} */
  GbnfAnalysis(Map<String, GbnfRule> rules) {
    this.rules = rules;
    for (GbnfRule rule : rules.values()) {
      for (Node.Reference reference : rule.references()) {
        users.computeIfAbsent(reference.rule(), name -> new ArrayList<>()).add(rule.name());
      }
    }
    this.order = inOrder(rules, rules.keySet());
    this.nullable = leastFixedPoint(GbnfAnalysis::isNullable);
    this.productive = leastFixedPoint(GbnfAnalysis::isProductive);
    this.visible = leastFixedPoint((node, known) -> isVisible(node, known, productive));
    requireNoLeftRecursion();
    GbnfRule root = rules.get(GbnfRule.ROOT);
    if (!productive.contains(root.name())) {
      throw GbnfParser.error(root.place(), "nothing matches the rule \"root\": it never comes to an end");
    }
  }

  /** Whether the empty text matches. */
  boolean isNullable(Node node) {
    return isNullable(node, nullable);
  }

  /** Whether a text matches that is not empty. */
  boolean isVisible(Node node) {
    return isVisible(node, visible, productive);
  }

  /** Whether any text matches. */
  boolean isProductive(Node node) {
    return isProductive(node, productive);
  }

  /** The rules that {@code starts} need, each behind those that it refers to, as far as they do not refer to one another. */
  static List<GbnfRule> inOrder(Map<String, GbnfRule> rules, Iterable<String> starts) {
    List<GbnfRule> order = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    Deque<Step> way = new ArrayDeque<>();
    for (String start : starts) {
      if (seen.add(start)) {
        way.push(new Step(start, rules.get(start).references().iterator()));
      }
      while (!way.isEmpty()) {
        Step step = way.peek();
        if (!step.rest().hasNext()) {
          order.add(rules.get(way.pop().rule()));
          continue;
        }
        String next = step.rest().next().rule();
        if (seen.add(next)) {
          way.push(new Step(next, rules.get(next).references().iterator()));
        }
      }
    }
    return order;
  }

  private interface Property {

    boolean holds(Node node, Set<String> known);
  }

  private Set<String> leastFixedPoint(Property property) {
    Set<String> known = new HashSet<>();
    // Few are looked at twice if each comes behind those that it refers to.
    Set<String> open = new LinkedHashSet<>();
    order.forEach(rule -> open.add(rule.name()));
    while (!open.isEmpty()) {
      String name = open.iterator().next();
      open.remove(name);
      if (!known.contains(name) && property.holds(rules.get(name).body(), known)) {
        known.add(name);
        open.addAll(users.getOrDefault(name, List.of()));
      }
    }
    return known;
  }

  private static boolean isNullable(Node node, Set<String> known) {
    return switch (node) {
      case Node.Text text -> text.text().isEmpty();
      case Node.Characters characters -> false;
      case Node.Sequence sequence -> sequence.parts().stream().allMatch(part -> isNullable(part, known));
      case Node.Choice choice -> choice.alternatives().stream().anyMatch(part -> isNullable(part, known));
      case Node.Repeat repeat -> repeat.min() == 0 || isNullable(repeat.item(), known);
      case Node.Reference reference -> known.contains(reference.rule());
    };
  }

  private static boolean isProductive(Node node, Set<String> known) {
    return switch (node) {
      case Node.Text text -> true;
      case Node.Characters characters -> true;
      case Node.Sequence sequence -> sequence.parts().stream().allMatch(part -> isProductive(part, known));
      case Node.Choice choice -> choice.alternatives().stream().anyMatch(part -> isProductive(part, known));
      case Node.Repeat repeat -> repeat.min() == 0 || isProductive(repeat.item(), known);
      case Node.Reference reference -> known.contains(reference.rule());
    };
  }

  private static boolean isVisible(Node node, Set<String> known, Set<String> productive) {
    Predicate<Node> seen = part -> isVisible(part, known, productive);
    return switch (node) {
      case Node.Text text -> !text.text().isEmpty();
      case Node.Characters characters -> true;
      case Node.Sequence sequence -> sequence.parts().stream().anyMatch(seen) && isProductive(sequence, productive);
      case Node.Choice choice -> choice.alternatives().stream().anyMatch(seen);
      case Node.Repeat repeat -> repeat.max() > 0 && seen.test(repeat.item());
      case Node.Reference reference -> known.contains(reference.rule());
    };
  }

  private void requireNoLeftRecursion() {
    Set<String> done = new HashSet<>();
    for (String start : rules.keySet()) {
      Deque<Step> way = new ArrayDeque<>();
      Set<String> onWay = new HashSet<>();
      enter(start, done, onWay, way);
      while (!way.isEmpty()) {
        Step step = way.peek();
        if (!step.rest().hasNext()) {
          way.pop();
          onWay.remove(step.rule());
          continue;
        }
        Node.Reference reference = step.rest().next();
        if (onWay.contains(reference.rule())) {
          throw leftRecursion(reference, way);
        }
        enter(reference.rule(), done, onWay, way);
      }
    }
  }

  /** A rule, and those of its references that were not followed yet. */
  private record Step(String rule, Iterator<Node.Reference> rest) {}

  private void enter(String rule, Set<String> done, Set<String> onWay, Deque<Step> way) {
    if (done.add(rule)) {
      List<Node.Reference> first = new ArrayList<>();
      addFirst(rules.get(rule).body(), first);
      way.push(new Step(rule, first.iterator()));
      onWay.add(rule);
    }
  }

  /** Adds the references that {@code node} may begin with. */
  private void addFirst(Node node, List<Node.Reference> first) {
    switch (node) {
      case Node.Text text -> { }
      case Node.Characters characters -> { }
      case Node.Reference reference -> first.add(reference);
      case Node.Choice choice -> choice.alternatives().forEach(part -> addFirst(part, first));
      case Node.Repeat repeat -> {
        if (repeat.max() > 0) {
          addFirst(repeat.item(), first);
        }
      }
      case Node.Sequence sequence -> {
        for (Node part : sequence.parts()) {
          addFirst(part, first);
          if (!isNullable(part)) {
            return;
          }
        }
      }
    }
  }

  private static ConstraintException leftRecursion(Node.Reference reference, Deque<Step> way) {
    StringBuilder cycle = new StringBuilder(reference.rule());
    for (Step step : way) {
      cycle.insert(0, step.rule() + " -> ");
      if (step.rule().equals(reference.rule())) {
        break;
      }
    }
    String shown = cycle.length() <= 200 ? cycle.toString() : cycle.substring(0, 200) + "...";
    return GbnfParser.error(reference.place(), "the rule \"" + reference.rule()
        + "\" may begin with itself (" + shown + "); left recursion is not allowed: write a repetition instead");
  }
}
