package io.github.llava4j.constraint.automaton;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

import io.github.llava4j.ConstraintException;
import io.github.llava4j.constraint.automaton.Node.Kind;
import io.github.llava4j.constraint.automaton.Node.Rule;
import io.github.llava4j.constraint.grammar.Expression;
import io.github.llava4j.constraint.grammar.Grammar;

/** Makes a network of a grammar's rules, from the end of each rule to its beginning. */
final class NetworkBuilder {

  /** Deeper nesting of one rule than any that people write; the stack takes more. */
  private static final int MOST_NESTING = 500;
  private static final int MOST_NODES = 200_000;
  /** Joining literals copies them, so they are not joined for ever. */
  private static final int MOST_JOINED = 4_096;

  private final Grammar grammar;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Rule> rules = new LinkedHashMap<>();
  private final ArrayDeque<Rule> open = new ArrayDeque<>();
  private final Map<Expression.Terminal, Lexeme> lexemes = new HashMap<>();
  /** The first, which a state's readings begin with. */
  private final Node begin = node(Kind.BEGIN);
  private final Node end = node(Kind.RETURN);
  private int nesting;

  private NetworkBuilder(Grammar grammar) {
    this.grammar = grammar;
  }

  /** @throws ConstraintException if a rule is missing, calls itself before anything is written, or is too large */
  static Network build(Grammar grammar) {
    return new NetworkBuilder(grammar).build();
  }

  private Network build() {
    // Only what the root needs; in the order in which it is reached.
    rule(grammar.root());
    for (Rule rule; (rule = open.poll()) != null;) {
      rule.entry = build(Objects.requireNonNull(grammar.rules().get(rule.name)), end);
    }
    Emptiness emptiness = new Emptiness(end);
    emptiness.mark(rules.values(), nodes);
    LeftRecursion.refuse(rules.values(), emptiness);
    for (Node node : nodes) {
      if (node.kind == Kind.LOOP) {
        node.itemsDiffer = itemsDiffer(node);
      }
      if (node.kind == Kind.SCOPE) {
        node.thresholds = thresholds(node.body());
      }
    }
    markGuarded();
    begin.then = rule(grammar.root()).entry();
    int[] classOf = new int[256];
    int classes = classes(classOf);
    return new Network(begin, nodes, List.copyOf(rules.values()), classOf, classes);
  }

  private Rule rule(String name) {
    if (!grammar.rules().containsKey(name)) {
      throw new ConstraintException("the grammar calls the rule " + name + ", which it does not have");
    }
    return rules.computeIfAbsent(name, key -> {
      Rule rule = new Rule(key);
      open.add(rule);
      return rule;
    });
  }

  private Node node(Kind kind) {
    if (nodes.size() >= MOST_NODES) {
      throw new ConstraintException("the grammar is too large: more than " + MOST_NODES + " places");
    }
    Node node = new Node(nodes.size(), kind);
    nodes.add(node);
    return node;
  }

  private Node node(Kind kind, Node then) {
    Node node = node(kind);
    node.then = then;
    return node;
  }

  private Node build(Expression expression, Node then) {
    if (++nesting > MOST_NESTING) {
      throw new ConstraintException("a rule of the grammar is nested more than " + MOST_NESTING + " deep");
    }
    Node node = switch (expression) {
      case Expression.Literal(String text) -> literal(text.getBytes(StandardCharsets.UTF_8), then);
      case Expression.Terminal terminal -> terminal(terminal, then);
      case Expression.Sequence(List<Expression> parts) -> {
        Node next = then;
        for (Expression part : parts.reversed()) {
          next = build(part, next);
        }
        yield next;
      }
      case Expression.Choice(List<Expression> alternatives) -> choice(
          alternatives.stream().map(alternative -> build(alternative, then)).toArray(Node[]::new));
      case Expression.Repeat repeat -> repeat(repeat, then);
      case Expression.Loop(Expression item, Expression separator, int min, int max) ->
          loop(item, separator, min, max, then);
      case Expression.Call(String name) -> {
        Node call = node(then.kind == Kind.RETURN ? Kind.JUMP : Kind.CALL, then);
        call.rule = rule(name);
        yield call;
      }
      case Expression.Scope(Expression body) -> scope(body, then);
      case Expression.Tick() -> node(Kind.TICK, then);
      case Expression.Mark(int bit) -> {
        Node mark = node(Kind.MARK, then);
        mark.marked = 1L << bit;
        yield mark;
      }
      case Expression.Test(int least, int most, long marked, long unmarked) -> {
        Node test = node(Kind.TEST, then);
        test.min = least;
        test.max = most;
        test.marked = marked;
        test.unmarked = unmarked;
        yield test;
      }
      case Expression.Signal(int id) -> {
        Node signal = node(Kind.SIGNAL, then);
        signal.signal = id;
        yield signal;
      }
      case Expression.Rest() -> node(Kind.REST);
    };
    nesting--;
    return node;
  }

  private Node literal(byte[] bytes, Node then) {
    if (bytes.length == 0) {
      return then;
    }
    boolean joins = then.kind == Kind.LITERAL && bytes.length + then.bytes.length <= MOST_JOINED;
    Node node = node(Kind.LITERAL, joins ? then.then() : then);
    node.bytes = joins ? Arrays.copyOf(bytes, bytes.length + then.bytes.length) : bytes;
    if (joins) {
      System.arraycopy(then.bytes, 0, node.bytes, bytes.length, then.bytes.length);
    }
    return node;
  }

  private Node terminal(Expression.Terminal terminal, Node then) {
    Node node = node(Kind.LEXEME, then);
    node.lexeme = lexemes.computeIfAbsent(terminal, Lexeme::new);
    return node;
  }

  private Node choice(Node... alternatives) {
    if (alternatives.length == 1) {
      return alternatives[0];
    }
    Node node = node(Kind.CHOICE);
    node.alternatives = alternatives;
    return node;
  }

  private Node scope(Expression body, Node then) {
    Node node = node(Kind.SCOPE, then);
    node.body = build(body, end);
    return node;
  }

  private Node repeat(Expression.Repeat repeat, Node then) {
    if (repeat.max() == 0) {
      return then;
    }
    if (repeat.max() == 1) {
      Node once = build(repeat.item(), then);
      return repeat.min() == 0 ? choice(once, then) : once;
    }
    if (repeat.min() <= 1 && repeat.max() == Integer.MAX_VALUE) {
      Node again = choice(new Node[] {then, then});
      again.alternatives[0] = build(repeat.separator(), build(repeat.item(), again));
      Node first = build(repeat.item(), again);
      return repeat.min() == 0 ? choice(first, then) : first;
    }
    return scope(new Expression.Loop(repeat.item(), repeat.separator(), repeat.min(), repeat.max()), then);
  }

  private Node loop(Expression item, Expression separator, int min, int max, Node then) {
    Node loop = node(Kind.LOOP, then);
    loop.min = min;
    loop.max = max;
    loop.body = build(item, node(Kind.TICK, loop));
    loop.next = build(separator, loop.body);
    return loop;
  }

  private static boolean itemsDiffer(Node loop) {
    Set<Node> seen = new HashSet<>(Set.of(loop));
    ArrayDeque<Node> open = new ArrayDeque<>(List.of(loop.next()));
    while (!open.isEmpty()) {
      Node node = open.pop();
      if (seen.add(node)) {
        boolean last = node.kind == Kind.TICK && node.then() == loop;
        if (!last && (node.kind == Kind.TEST || node.kind == Kind.MARK || node.kind == Kind.TICK || node.kind == Kind.LOOP)) {
          return true;
        }
        open.addAll(Walk.successors(node));
      }
    }
    return false;
  }

  /** The counts that tests and loops below {@code body} ask for. */
  private static int[] thresholds(Node body) {
    TreeSet<Integer> counts = new TreeSet<>(Set.of(1));
    for (Node node : Walk.ofScope(body)) {
      if (node.kind == Kind.TEST) {
        counts.add(node.min);
        counts.add(node.max == Integer.MAX_VALUE ? node.min : node.max + 1);
      } else if (node.kind == Kind.LOOP) {
        counts.add(node.min);
        counts.add(node.max);
      }
    }
    return counts.stream().filter(count -> count > 0 && count < Integer.MAX_VALUE).mapToInt(Integer::intValue).toArray();
  }

  private void markGuarded() {
    for (Node scope : nodes) {
      if (scope.kind == Kind.SCOPE) {
        for (Node node : Walk.ofScope(scope.body())) {
          node.guarded = true;
        }
      }
    }
    end.guarded = false;
  }

  private int classes(int[] classOf) {
    boolean[] edges = new boolean[257];
    for (Node node : nodes) {
      for (byte value : node.bytes) {
        edges[value & 0xFF] = true;
        edges[(value & 0xFF) + 1] = true;
      }
    }
    lexemes.values().forEach(lexeme -> lexeme.addEdges(edges));
    edges[' '] = true;
    edges[' ' + 1] = true;
    int classes = 0;
    for (int value = 1; value < 256; value++) {
      classes += edges[value] ? 1 : 0;
      classOf[value] = classes;
    }
    return classes + 1;
  }
}
