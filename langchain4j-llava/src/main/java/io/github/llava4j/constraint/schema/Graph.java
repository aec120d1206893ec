package io.github.llava4j.constraint.schema;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.llava4j.ConstraintException;
import io.github.llava4j.constraint.regular.Language;
import org.jspecify.annotations.Nullable;

/** All conjunctions that a schema leads to, and which of them any value fits at all. */
final class Graph {

  static final class Node {

    final Conjunction conjunction;

    /** What to choose from, if the node is only a choice. */
    @Nullable List<Node> alternatives;

    final Set<Shape> shapes = new LinkedHashSet<>();
    boolean fits;

    /** Nodes that contain each other have the same number, once asked for. */
    int component = -1;

    Node(Conjunction conjunction) {
      this.conjunction = conjunction;
      fits = conjunction.isAny();
    }
  }

  /** An array of which every part fits; no rest if the prefix is all. */
  record Items(List<Node> prefix, @Nullable Node rest, int min, int max, @Nullable List<JsonNode> distinct) {}

  record Field(String name, Node value, boolean required) {}

  record Free(Language names, Node value) {}

  /** An object of which every property fits. */
  record Fields(List<Field> fields, List<Free> free, int min, int max, Map<String, Set<String>> needs) {}

  private final Session session;
  private final Expander expander;
  private final Map<Conjunction, Node> nodes = new LinkedHashMap<>();
  private final Deque<Node> open = new ArrayDeque<>();
  final Node root;

  Graph(Session session, Conjunction start) {
    this.session = session;
    expander = new Expander(session);
    root = node(start);
    while (!open.isEmpty()) {
      expand(open.poll());
    }
    settle();
    if (!root.fits) {
      throw new ConstraintException("no value can fit the schema: " + reason());
    }
  }

  Node node(Conjunction conjunction) {
    Node known = nodes.get(conjunction);
    if (known == null) {
      session.work.spend(10);
      known = new Node(conjunction);
      nodes.put(conjunction, known);
      if (!conjunction.isAny()) {
        open.add(known);
      }
    }
    return known;
  }

  private void expand(Node node) {
    Expander.Expansion expansion = expander.expand(node.conjunction);
    if (expansion.alternatives() != null) {
      node.alternatives = new ArrayList<>();
      for (Conjunction alternative : expansion.alternatives()) {
        node.alternatives.add(node(alternative));
      }
      return;
    }
    for (Branch branch : expansion.branches()) {
      node.shapes.addAll(expander.shapes(branch));
    }
    for (Shape shape : node.shapes) {
      if (shape instanceof Shape.Items items && items.distinct() == null) {
        items.prefix().forEach(this::node);
        node(items.rest());
      } else if (shape instanceof Shape.Fields fields) {
        fields.fields().forEach(field -> node(field.value()));
        fields.free().forEach(free -> node(free.value()));
      }
    }
  }

  /** The least fixed point: backwards, since parts were mostly found after what they are parts of. */
  private void settle() {
    List<Node> backwards = new ArrayList<>(nodes.values()).reversed();
    boolean changed = true;
    while (changed) {
      changed = false;
      for (Node node : backwards) {
        if (!node.fits) {
          session.work.spend(1 + node.shapes.size());
          node.fits =
              node.alternatives != null
                  ? node.alternatives.stream().anyMatch(alternative -> alternative.fits)
                  : node.shapes.stream().anyMatch(this::fits);
          changed |= node.fits;
        }
      }
    }
  }

  private boolean fits(Shape shape) {
    return switch (shape) {
      case Shape.Values values -> !values.values().isEmpty();
      case Shape.Numbers numbers -> !numbers.language().isNone();
      case Shape.Text text -> !text.isEmpty();
      case Shape.Items items -> fitted(items) != null;
      case Shape.Fields fields -> fitted(fields) != null;
    };
  }

  /** The array without what never fits; null if nothing is left. */
  @Nullable Items fitted(Shape.Items items) {
    if (items.distinct() != null) {
      int max = Math.min(items.max(), items.distinct().size());
      return items.min() > max ? null : new Items(List.of(), null, items.min(), max, items.distinct());
    }
    List<Node> prefix = new ArrayList<>();
    int max = items.max();
    for (Conjunction each : items.prefix()) {
      if (!node(each).fits) {
        max = Math.min(max, prefix.size());
        break;
      }
      prefix.add(node(each));
    }
    Node rest = node(items.rest()).fits ? node(items.rest()) : null;
    if (rest == null) {
      max = Math.min(max, prefix.size());
    }
    return items.min() > max ? null : new Items(prefix, rest, items.min(), max, null);
  }

  /** The object without what never fits; null if nothing is left. */
  @Nullable Fields fitted(Shape.Fields shape) {
    session.work.spend(shape.fields().size() / 4);
    Map<String, Field> fields = new LinkedHashMap<>();
    int required = 0;
    for (Shape.Field field : shape.fields()) {
      Node value = node(field.value());
      if (value.fits) {
        fields.put(field.name(), new Field(field.name(), value, field.required()));
        required += field.required() ? 1 : 0;
      } else if (field.required()) {
        return null;
      }
    }
    boolean changed = !shape.needs().isEmpty();
    while (changed) {
      changed = false;
      for (Map.Entry<String, Set<String>> need : shape.needs().entrySet()) {
        Field field = fields.get(need.getKey());
        if (field != null && !fields.keySet().containsAll(need.getValue())) {
          if (field.required()) {
            return null;
          }
          fields.remove(need.getKey());
          changed = true;
        }
      }
    }
    List<Free> free = new ArrayList<>();
    for (Shape.Free each : shape.free()) {
      if (node(each.value()).fits) {
        free.add(new Free(each.names(), node(each.value())));
      }
    }
    boolean possible = required <= shape.max() && (!free.isEmpty() || fields.size() >= shape.min());
    return possible
        ? new Fields(List.copyOf(fields.values()), free, shape.min(), shape.max(), shape.needs())
        : null;
  }

  /** Follows the first part that never fits to where it says why. */
  private String reason() {
    Set<Node> seen = new HashSet<>();
    Node node = root;
    while (seen.add(node)) {
      Node next = null;
      if (node.alternatives != null) {
        next = node.alternatives.isEmpty() ? null : node.alternatives.get(0);
      }
      for (Shape shape : node.shapes) {
        if (shape instanceof Shape.Fields fields) {
          for (Shape.Field field : fields.fields()) {
            if (next == null && field.required() && !node(field.value()).fits) {
              next = node(field.value());
            }
          }
        } else if (shape instanceof Shape.Items items && items.distinct() == null) {
          List<Conjunction> parts = new ArrayList<>(items.prefix());
          parts.add(items.rest());
          for (Conjunction part : parts) {
            if (next == null && !node(part).fits) {
              next = node(part);
            }
          }
        }
      }
      if (next == null) {
        return "what " + node.conjunction.pointer() + " asks for contradicts itself";
      }
      node = next;
    }
    return node.conjunction.pointer() + " requires itself without end";
  }

  /** Gives nodes that contain each other the same component, as Tarjan does, with a stack of its own. */
  void findComponents() {
    Map<Node, Integer> index = new LinkedHashMap<>();
    Map<Node, Integer> low = new LinkedHashMap<>();
    Deque<Node> path = new ArrayDeque<>();
    Set<Node> onPath = new HashSet<>();
    int components = 0;
    record Visit(Node node, List<Node> parts, int[] next) {}
    for (Node start : List.copyOf(nodes.values())) {
      if (index.containsKey(start)) {
        continue;
      }
      Deque<Visit> visits = new ArrayDeque<>();
      visits.push(new Visit(start, parts(start), new int[1]));
      while (!visits.isEmpty()) {
        Visit visit = visits.peek();
        Node node = visit.node;
        if (visit.next[0] == 0 && !index.containsKey(node)) {
          index.put(node, index.size());
          low.put(node, index.get(node));
          path.push(node);
          onPath.add(node);
        }
        Node deeper = null;
        while (visit.next[0] < visit.parts.size() && deeper == null) {
          session.work.spend(1);
          Node part = visit.parts.get(visit.next[0]++);
          if (!index.containsKey(part)) {
            deeper = part;
          } else if (onPath.contains(part)) {
            low.merge(node, index.get(part), Math::min);
          }
        }
        if (deeper != null) {
          visits.push(new Visit(deeper, parts(deeper), new int[1]));
          continue;
        }
        visits.pop();
        if (!visits.isEmpty()) {
          low.merge(visits.peek().node, low.get(node), Math::min);
        }
        if (low.get(node).equals(index.get(node))) {
          Node member;
          do {
            member = path.pop();
            onPath.remove(member);
            member.component = components;
          } while (member != node);
          components++;
        }
      }
    }
  }

  private List<Node> parts(Node node) {
    List<Node> parts = new ArrayList<>();
    if (node.alternatives != null) {
      parts.addAll(node.alternatives);
    }
    for (Shape shape : node.shapes) {
      if (shape instanceof Shape.Items items && items.distinct() == null) {
        items.prefix().forEach(part -> parts.add(node(part)));
        parts.add(node(items.rest()));
      } else if (shape instanceof Shape.Fields fields) {
        fields.fields().forEach(field -> parts.add(node(field.value())));
        fields.free().forEach(free -> parts.add(node(free.value())));
      }
    }
    return parts;
  }
}
