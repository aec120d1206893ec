package io.github.llava4j.constraint.gbnf;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.llava4j.constraint.grammar.Expression;
import io.github.llava4j.constraint.grammar.Grammar;
import io.github.llava4j.constraint.regular.Language;

/**
 * Makes expressions of rules. A rule is compiled after those that it refers to, and takes what is regular from them; what
 * is not, and a rule that refers to itself, is called. Repetitions get items that are never empty: of a rule whose items
 * may be, {@code name'} is what it says without the empty text.
 */
final class GbnfCompiler {

  private final Map<String, GbnfRule> rules;
  private final GbnfAnalysis analysis;
  private final Merger merger = new Merger();
  private final Map<String, Part> compiled = new HashMap<>();
  private final Map<Node, Part> parts = new IdentityHashMap<>();
  private final Map<Node, Part> nonEmptyParts = new IdentityHashMap<>();
  private final Set<String> called = new HashSet<>();
  private final Set<String> nonEmptyRules = new HashSet<>();
  private final Deque<String> openNonEmptyRules = new ArrayDeque<>();

  GbnfCompiler(Map<String, GbnfRule> rules, GbnfAnalysis analysis) {
    this.rules = rules;
    this.analysis = analysis;
  }

  Grammar grammar() {
    for (GbnfRule rule : GbnfAnalysis.inOrder(rules, List.of(GbnfRule.ROOT))) {
      compiled.put(rule.name(), part(rule.body()));
    }
    Map<String, Expression> expressions = new HashMap<>();
    while (!openNonEmptyRules.isEmpty()) {
      String name = openNonEmptyRules.pop();
      expressions.put(nonEmptyName(name), nonEmpty(rules.get(name).body()).expression());
    }
    called.add(GbnfRule.ROOT);
    called.forEach(name -> expressions.put(name, compiled.get(name).expression()));
    return new Grammar(expressions, GbnfRule.ROOT);
  }

  private static String nonEmptyName(String rule) {
    return rule + "'";
  }

  private Part part(Node node) {
    Part known = parts.get(node);
    if (known == null) {
      known = analysis.isProductive(node) ? make(node) : new Part.Nothing();
      parts.put(node, known);
    }
    return known;
  }

  private Part make(Node node) {
    return switch (node) {
      case Node.Text text -> new Part.Word(text.text());
      case Node.Characters characters -> new Part.Regular(language(characters));
      case Node.Sequence sequence -> merger.sequence(sequence.parts().stream().map(this::part).toList());
      case Node.Choice choice -> merger.choice(choice.alternatives().stream().map(this::part).toList());
      case Node.Repeat repeat -> repeat(repeat);
      case Node.Reference reference -> switch (compiled.get(reference.rule())) {
        case null -> call(reference.rule());
        case Part.Other other -> call(reference.rule());
        case Part small -> small;
      };
    };
  }

  private Part call(String rule) {
    called.add(rule);
    return new Part.Other(new Expression.Call(rule));
  }

  private static Language language(Node.Characters characters) {
    return Language.union(characters.ranges().stream()
        .map(range -> Language.range(range.from(), range.to())).toArray(Language[]::new));
  }

  private Part repeat(Node.Repeat repeat) {
    if (repeat.max() == 0 || !analysis.isVisible(repeat.item())) {
      return Part.EMPTY;
    }
    Part item = part(repeat.item());
    Part regular = merger.repeated(item, repeat.min(), repeat.max());
    if (regular != null) {
      return regular;
    }
    // What may be empty as often as it likes may stand fewer times than asked for.
    int min = analysis.isNullable(repeat.item()) ? 0 : repeat.min();
    return repeat(nonEmpty(repeat.item()).expression(), min, repeat.max());
  }

  private Part repeat(Expression item, int min, int max) {
    if (max == 1) {
      return min == 1 ? new Part.Other(item) : merger.choice(List.of(new Part.Other(item), Part.EMPTY));
    }
    boolean again = item instanceof Expression.Repeat inner && inner.min() == 1 && inner.max() == Integer.MAX_VALUE;
    Expression once = again && min <= 1 && max == Integer.MAX_VALUE ? ((Expression.Repeat) item).item() : item;
    return new Part.Other(new Expression.Repeat(once, Expression.EMPTY, min, max));
  }

  /** What {@code node} says, without the empty text. */
  private Part nonEmpty(Node node) {
    Part known = nonEmptyParts.get(node);
    if (known == null) {
      known = makeNonEmpty(node);
      nonEmptyParts.put(node, known);
    }
    return known;
  }

  private Part makeNonEmpty(Node node) {
    Part whole = part(node);
    if (!analysis.isNullable(node)) {
      return whole;
    }
    if (!analysis.isVisible(node)) {
      return new Part.Nothing();
    }
    if (whole instanceof Part.Regular regular) {
      return merger.nonEmpty(regular);
    }
    return switch (node) {
      case Node.Sequence sequence -> nonEmpty(sequence.parts());
      case Node.Choice choice -> merger.choice(choice.alternatives().stream().map(this::nonEmpty).toList());
      case Node.Repeat repeat -> repeat(nonEmpty(repeat.item()).expression(), 1, repeat.max());
      case Node.Reference reference -> {
        if (nonEmptyRules.add(reference.rule())) {
          openNonEmptyRules.add(reference.rule());
        }
        yield new Part.Other(new Expression.Call(nonEmptyName(reference.rule())));
      }
      case Node.Text text -> whole;
      case Node.Characters characters -> whole;
    };
  }

  /** Of two halves, each of which may be empty: the first is not, or it is and the second is not. */
  private Part nonEmpty(List<Node> sequence) {
    if (sequence.size() == 1) {
      return nonEmpty(sequence.getFirst());
    }
    List<Node> first = sequence.subList(0, sequence.size() / 2);
    List<Node> second = sequence.subList(sequence.size() / 2, sequence.size());
    Part rest = merger.sequence(second.stream().map(this::part).toList());
    return merger.choice(List.of(merger.sequence(List.of(nonEmpty(first), rest)), nonEmpty(second)));
  }
}
