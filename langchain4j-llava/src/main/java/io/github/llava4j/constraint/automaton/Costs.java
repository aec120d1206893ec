package io.github.llava4j.constraint.automaton;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

import io.github.llava4j.ConstraintException;
import io.github.llava4j.constraint.token.TokenTable;
import io.github.llava4j.constraint.token.TokenTrie;
import org.jspecify.annotations.Nullable;

/**
 * How many tokens it takes, at the most, to come to the end from a place of a network. Not the least number that there is,
 * but one with the property that counts: from every place some token leads to one whose number is lower by one at least. So
 * an answer can be closed in time, whatever the model would like to say.
 *
 * <p>A literal takes the fewest tokens that spell it, a lexeme the bytes of a shortest word, a choice its cheapest
 * alternative, a rule its cheapest way (Knuth, "A generalization of Dijkstra's algorithm", 1977). Inside a scope the cheapest
 * way is searched for with its counter and marks.
 */
final class Costs {

  static final int NEVER = 1 << 29;
  private static final int MOST_STEPS = 200_000;
  private static final int MOST_KEPT = 20_000;

  /** A place inside a scope. */
  private record Place(Node node, int count, long marks) {}

  private record Reached(Place place, int cost) {}

  private final Map<Place, Integer> kept = new HashMap<>();
  private final Map<Node, Integer> scopes = new HashMap<>();

  /** Finds the costs of all nodes. */
  Costs(Network network, TokenTable tokens) {
    for (Node node : network.nodes()) {
      if (node.kind == Node.Kind.LITERAL) {
        node.rest = fewestTokens(node.bytes, tokens);
      }
    }
    List<Node> nodes = network.nodes();
    List<Node> scopeNodes = nodes.stream().filter(node -> node.kind == Node.Kind.SCOPE).toList();
    boolean changed = true;
    while (changed) {
      relax(nodes);
      changed = false;
      for (Node scope : scopeNodes) {
        kept.clear();
        int cost = search(scope.body(), 0, 0);
        Integer before = scopes.put(scope, cost);
        changed |= before == null ? cost < NEVER : before != cost;
      }
    }
    kept.clear();
    if (network.entry().cost >= NEVER) {
      throw new ConstraintException("no answer can satisfy the grammar: it has no text that ends");
    }
  }

  private void relax(List<Node> nodes) {
    boolean changed = true;
    while (changed) {
      changed = false;
      for (Node node : nodes) {
        changed |= relax(node);
      }
      for (int i = nodes.size() - 1; i >= 0; i--) {
        changed |= relax(nodes.get(i));
      }
    }
  }

  private boolean relax(Node node) {
    int cost = switch (node.kind) {
      case RETURN, REST -> 0;
      case CHOICE -> {
        int best = NEVER;
        for (Node alternative : node.alternatives) {
          best = Math.min(best, alternative.cost);
        }
        yield best;
      }
      case JUMP -> node.rule().entry().cost;
      default -> plus(own(node), node.then().cost);
    };
    boolean better = cost < node.cost;
    node.cost = better ? cost : node.cost;
    return better;
  }

  /** What a node itself takes, what follows it left out. */
  private int own(Node node) {
    return switch (node.kind) {
      case LITERAL -> node.rest[0];
      case LEXEME -> node.lexeme().hasWords() ? node.lexeme().leastBytes(node.lexeme().start, 0) : NEVER;
      case CALL -> node.rule().entry().cost;
      case SCOPE -> scopes.getOrDefault(node, NEVER);
      default -> 0;
    };
  }

  private static int plus(int a, int b) {
    return Math.min(NEVER, a + b);
  }

  /** From {@code node} to the end of the answer, in {@code frame}. */
  int from(Node node, @Nullable Frame frame) {
    int own = node.guarded && frame != null ? guarded(node, frame.count, frame.marks) : node.cost;
    return plus(own, of(frame));
  }

  /** From the end of what {@code frame} is for to the end of the answer. */
  private int of(@Nullable Frame frame) {
    // Frames are many and long-lived: each keeps its number, so only the new ones are looked at.
    int known = 0;
    Frame open = frame;
    Frame[] unknown = null;
    int size = 0;
    while (open != null && open.least < 0) {
      if (unknown == null || size == unknown.length) {
        unknown = unknown == null ? new Frame[8] : Arrays.copyOf(unknown, 2 * size);
      }
      unknown[size++] = open;
      open = open.parent;
    }
    known = open == null ? 0 : open.least;
    while (size > 0) {
      Frame next = unknown[--size];
      Frame parent = next.parent;
      int own = next.back.guarded && parent != null ? guarded(next.back, parent.count, parent.marks) : next.back.cost;
      known = plus(own, known);
      next.least = known;
    }
    return known;
  }

  private int guarded(Node node, int count, long marks) {
    Place place = new Place(node, count, marks);
    Integer known = kept.get(place);
    if (known != null) {
      return known;
    }
    if (kept.size() >= MOST_KEPT) {
      kept.clear();
    }
    int cost = search(node, count, marks);
    kept.put(place, cost);
    return cost;
  }

  /** The cheapest way from a place inside a scope to the scope's end. */
  private int search(Node start, int count, long marks) {
    PriorityQueue<Reached> open = new PriorityQueue<>(Comparator.comparingInt(Reached::cost));
    Set<Place> seen = new HashSet<>();
    open.add(new Reached(new Place(start, count, marks), 0));
    while (!open.isEmpty()) {
      Reached reached = open.poll();
      Place place = reached.place();
      if (place.node.kind == Node.Kind.RETURN || place.node.kind == Node.Kind.REST) {
        return reached.cost();
      }
      if (!seen.add(place)) {
        continue;
      }
      if (seen.size() > MOST_STEPS) {
        throw new ConstraintException("the grammar counts too far: give smaller numbers of items or properties");
      }
      follow(reached, open);
    }
    return NEVER;
  }

  private void follow(Reached reached, PriorityQueue<Reached> open) {
    Place at = reached.place();
    Node node = at.node;
    switch (node.kind) {
      case CHOICE -> {
        for (Node alternative : node.alternatives) {
          add(open, reached, alternative, at.count, at.marks, 0);
        }
      }
      case JUMP -> add(open, reached, node.rule().entry(), at.count, at.marks, 0);
      case TICK -> add(open, reached, node.then(), at.count + 1, at.marks, 0);
      case MARK -> add(open, reached, node.then(), at.count, at.marks | node.marked, 0);
      case TEST -> {
        if (Automaton.passes(node, at.count, at.marks)) {
          add(open, reached, node.then(), at.count, at.marks, 0);
        }
      }
      case LOOP -> {
        int missing = Math.max(0, node.min - at.count);
        if (missing == 0) {
          add(open, reached, node.then(), at.count, at.marks, 0);
        } else if (node.itemsDiffer) {
          add(open, reached, at.count == 0 ? node.body() : node.next(), at.count, at.marks, 0);
        } else {
          int first = to(at.count == 0 ? node.body() : node.next(), node);
          long all = first + (missing - 1L) * (missing == 1 ? 0 : to(node.next(), node));
          add(open, reached, node.then(), node.min, at.marks, (int) Math.min(NEVER, all));
        }
      }
      default -> add(open, reached, node.then(), at.count, at.marks, own(node));
    }
  }

  private static void add(PriorityQueue<Reached> open, Reached from, Node node, int count, long marks, int cost) {
    int sum = plus(from.cost(), cost);
    if (sum < NEVER) {
      open.add(new Reached(new Place(node, count, marks), sum));
    }
  }

  /** The cheapest way from the beginning of a loop's item back to the loop. */
  private int to(Node start, Node loop) {
    record At(Node node, int cost) {}
    PriorityQueue<At> open = new PriorityQueue<>(Comparator.comparingInt(At::cost));
    Set<Node> seen = new HashSet<>();
    open.add(new At(start, 0));
    while (!open.isEmpty()) {
      At at = open.poll();
      if (at.node == loop) {
        return at.cost;
      }
      if (at.cost >= NEVER || !seen.add(at.node)) {
        continue;
      }
      for (Node next : Walk.successors(at.node)) {
        open.add(new At(next, plus(at.cost, own(at.node))));
      }
    }
    return NEVER;
  }

  /** For each byte of a literal, the fewest tokens that spell it from there on. */
  private static int[] fewestTokens(byte[] bytes, TokenTable tokens) {
    TokenTrie trie = tokens.all();
    int[] fewest = new int[bytes.length + 1];
    for (int from = bytes.length - 1; from >= 0; from--) {
      fewest[from] = NEVER;
      int node = 0;
      int depth = 1;
      while (node < trie.size() && trie.depth(node) == depth && from + depth <= bytes.length) {
        if (trie.value(node) != (bytes[from + depth - 1] & 0xFF)) {
          node = trie.behind(node);
          continue;
        }
        if (trie.token(node) >= 0) {
          fewest[from] = Math.min(fewest[from], plus(1, fewest[from + depth]));
        }
        node++;
        depth++;
      }
    }
    return fewest;
  }
}
