package io.github.llava4j.constraint.schema;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.llava4j.ConstraintException;
import io.github.llava4j.constraint.grammar.Expression;
import io.github.llava4j.constraint.regular.Language;
import io.github.llava4j.constraint.regular.Numbers;
import org.jspecify.annotations.Nullable;

/** Writes the nodes of a {@link Graph} as rules: scalars where they stand, arrays and objects by name. */
final class GrammarWriter {

  /** How deep a value nests that the schema says nothing about. */
  static final int ANY_DEPTH = 16;

  private static final int NO_LIMIT = Integer.MAX_VALUE;

  /** Up to so many states a length is worked into a language, instead of being counted. */
  private static final int SMALL = 2_000;

  private static final int LARGE = 20_000;

  private final Session session;
  private final SchemaOptions options;
  private final String prefix;
  private final Spacing spacing;
  private final Map<String, Expression> rules = new LinkedHashMap<>();
  private final Map<Graph.Node, String> names = new HashMap<>();
  private final Map<Graph.Node, Expression> values = new HashMap<>();
  private final Deque<Graph.Node> open = new ArrayDeque<>();
  private final ObjectWriter objects;
  private @Nullable Graph graph;
  private int numbered;

  GrammarWriter(Session session, String prefix) {
    this.session = session;
    options = session.options;
    this.prefix = prefix;
    spacing = Spacing.of(options.style());
    objects = new ObjectWriter(this, spacing);
  }

  SchemaGrammar write(Graph all) {
    graph = all;
    if (options.allProperties()) {
      all.findComponents();
    }
    Expression root = value(all.root);
    while (!open.isEmpty()) {
      Graph.Node node = open.poll();
      rules.put(names.get(node), containers(all, node));
    }
    return new SchemaGrammar(rules, root, session.ignored(), session.needsCheck());
  }

  /** An object about which nothing is known. */
  SchemaGrammar anyObject() {
    Expression root = objects.free(List.of(anyEntry(ANY_DEPTH - 1)));
    return new SchemaGrammar(rules, root, List.of(), false);
  }

  String newRule(Expression body) {
    session.work.spend(2);
    String name = prefix + "r" + ++numbered;
    rules.put(name, body);
    return name;
  }

  /** A name for a rule that is written later. */
  private String name(Graph.Node node) {
    String name = names.get(node);
    if (name == null) {
      name = prefix + "v" + names.size();
      names.put(node, name);
      open.add(node);
    }
    return name;
  }

  Expression value(Graph.Node node) {
    Expression known = values.get(node);
    if (known == null) {
      known = written(node);
      values.put(node, known);
    }
    return known;
  }

  private Expression written(Graph.Node node) {
    Map<String, JsonNode> constants = new LinkedHashMap<>();
    List<Language> numbers = new ArrayList<>();
    Set<Shape.Text> texts = new LinkedHashSet<>();
    List<Expression> containers = new ArrayList<>();
    for (Graph.Node leaf : leaves(node)) {
      session.work.spend(2);
      if (leaf.conjunction.isAny()) {
        return any(ANY_DEPTH);
      }
      boolean container = false;
      for (Shape shape : leaf.shapes) {
        switch (shape) {
          case Shape.Values some -> some.values().forEach(value -> constants.putIfAbsent(JsonValues.key(value), value));
          case Shape.Numbers some -> numbers.add(some.language());
          case Shape.Text some -> {
            if (!some.isEmpty()) {
              texts.add(some);
            }
          }
          case Shape.Items some -> container |= graph().fitted(some) != null;
          case Shape.Fields some -> container |= graph().fitted(some) != null;
        }
      }
      if (container) {
        containers.add(new Expression.Call(name(leaf)));
      }
    }
    List<Expression> all = new ArrayList<>();
    constants(constants.values(), numbers, texts, all);
    if (!numbers.isEmpty()) {
      all.add(Expression.Terminal.raw(Language.union(numbers.toArray(Language[]::new))));
    }
    for (Shape.Text text : texts) {
      all.add(text(text));
    }
    all.addAll(containers);
    return Parts.choice(all);
  }

  private Graph graph() {
    if (graph == null) {
      throw new IllegalStateException();
    }
    return graph;
  }

  /** The nodes that are no mere choices, each once: a choice that contains itself adds nothing. */
  private List<Graph.Node> leaves(Graph.Node start) {
    List<Graph.Node> result = new ArrayList<>();
    Set<Graph.Node> seen = new HashSet<>();
    Deque<Graph.Node> stack = new ArrayDeque<>();
    stack.push(start);
    while (!stack.isEmpty()) {
      session.work.spend(1);
      Graph.Node node = stack.pop();
      if (!node.fits || !seen.add(node)) {
        continue;
      }
      if (node.alternatives == null) {
        result.add(node);
      } else {
        node.alternatives.reversed().forEach(stack::push);
      }
    }
    return result;
  }

  /** Listed values, but for those that a number or string beside them covers anyway. */
  private void constants(
      Iterable<JsonNode> constants, List<Language> numbers, Set<Shape.Text> texts, List<Expression> all) {
    Set<String> strings = new LinkedHashSet<>();
    Set<String> scalars = new LinkedHashSet<>();
    boolean anyText = texts.stream().anyMatch(text -> text.language().isAny() && text.min() == 0 && text.max() == NO_LIMIT);
    for (JsonNode value : constants) {
      if (value.isTextual()) {
        if (!anyText) {
          strings.add(value.textValue());
        }
      } else if (value.isContainerNode()) {
        all.add(constant(value));
      } else {
        String text = JsonValues.scalar(value);
        if (numbers.stream().noneMatch(language -> language.contains(text))) {
          scalars.add(text);
        }
      }
    }
    if (strings.size() == 1) {
      all.add(new Expression.Literal(JsonValues.quoted(strings.iterator().next())));
    } else if (!strings.isEmpty()) {
      all.add(Expression.Terminal.jsonString(Language.ofAll(strings)));
    }
    if (scalars.size() <= 3) {
      scalars.forEach(text -> all.add(new Expression.Literal(text)));
    } else {
      all.add(Expression.Terminal.raw(Language.ofAll(scalars)));
    }
  }

  private Expression constant(JsonNode value) {
    session.work.spend(1);
    if (value.isTextual()) {
      return new Expression.Literal(JsonValues.quoted(value.textValue()));
    }
    if (!value.isContainerNode()) {
      return new Expression.Literal(JsonValues.scalar(value));
    }
    String brackets = value.isArray() ? "[]" : "{}";
    if (value.isEmpty()) {
      return new Expression.Literal(brackets);
    }
    Parts parts = new Parts().text(brackets.substring(0, 1)).add(spacing.inside());
    boolean first = true;
    if (value.isArray()) {
      for (JsonNode item : value) {
        (first ? parts : parts.add(spacing.comma())).add(constant(item));
        first = false;
      }
    } else {
      for (Map.Entry<String, JsonNode> member : value.properties()) {
        (first ? parts : parts.add(spacing.comma())).add(spacing.key(member.getKey())).add(constant(member.getValue()));
        first = false;
      }
    }
    return parts.add(spacing.close(brackets.substring(1))).build();
  }

  private Expression text(Shape.Text text) {
    Language language = text.language();
    int min = text.min();
    int max = text.max();
    if (!language.isAny()) {
      min = min <= language.shortestLength() ? 0 : min;
      max = max >= language.longestLength() ? NO_LIMIT : max;
      long states = (long) language.states() * (max == NO_LIMIT ? min + 1L : max + 1L);
      if ((min > 0 || max < NO_LIMIT) && states <= SMALL) {
        language = language.withLength(min, max);
        min = 0;
        max = NO_LIMIT;
      } else if (min > 0) {
        if ((long) language.states() * (min + 1L) > LARGE) {
          throw new ConstraintException(
              "a string of at least " + min + " characters with a pattern or format is too large an automaton: lower"
                  + " minLength, or leave the pattern out");
        }
        language = language.withLength(min, NO_LIMIT);
        min = 0;
      }
      session.work.spend(language.states());
    }
    return new Expression.Terminal(language, Expression.Encoding.JSON_STRING, min, max);
  }

  private Expression containers(Graph all, Graph.Node node) {
    List<Expression> alternatives = new ArrayList<>();
    for (Shape shape : node.shapes) {
      if (shape instanceof Shape.Items some) {
        Graph.Items items = all.fitted(some);
        if (items != null) {
          alternatives.add(array(items));
        }
      } else if (shape instanceof Shape.Fields some) {
        Graph.Fields fields = all.fitted(some);
        if (fields != null) {
          alternatives.add(objects.write(options.allProperties() ? forced(node, fields) : fields));
        }
      }
    }
    return Parts.choice(alternatives);
  }

  /** Optional properties become required, but for those that may contain the object again. */
  private static Graph.Fields forced(Graph.Node owner, Graph.Fields fields) {
    if (fields.max() < fields.fields().size()) {
      return fields;
    }
    List<Graph.Field> forced = new ArrayList<>();
    for (Graph.Field field : fields.fields()) {
      boolean required = field.required() || field.value().component != owner.component;
      forced.add(new Graph.Field(field.name(), field.value(), required));
    }
    return new Graph.Fields(forced, fields.free(), fields.min(), fields.max(), fields.needs());
  }

  private Expression array(Graph.Items items) {
    if (items.max() == 0) {
      return new Expression.Literal("[]");
    }
    if (items.distinct() != null) {
      return distinct(items, items.distinct());
    }
    Expression body = tail(items, 0);
    Expression filled = new Parts().add(spacing.inside()).add(body).build();
    return items.min() > 0
        ? new Parts().text("[").add(filled).build()
        : new Parts().text("[").add(Expression.Choice.of(new Expression.Literal("]"), filled)).build();
  }

  /** From item {@code from} on, which there is, to the end; built from behind, so that long prefixes do not nest calls. */
  private Expression tail(Graph.Items items, int from) {
    int length = Math.min(items.prefix().size(), items.max());
    Expression close = spacing.close("]");
    Expression behind = null;
    if (items.rest() != null && items.max() > length) {
      int min = Math.max(1, items.min() - length);
      int max = items.max() == NO_LIMIT ? NO_LIMIT : items.max() - length;
      Expression item = value(items.rest());
      behind = new Parts().add(new Expression.Repeat(item, spacing.comma(), min, max)).add(close).build();
    }
    for (int i = length - 1; i >= from; i--) {
      Parts parts = new Parts().add(value(items.prefix().get(i)));
      if (behind == null) {
        parts.add(close);
      } else {
        Expression more = new Parts().add(spacing.comma()).add(behind).build();
        parts.add(items.min() > i + 1 ? more : Expression.Choice.of(close, more));
      }
      behind = parts.build();
      if (i > 0 && i % 16 == 0) {
        behind = new Expression.Call(newRule(behind));
      }
    }
    if (behind == null) {
      throw new IllegalStateException("an array with no items");
    }
    return behind;
  }

  private Expression distinct(Graph.Items items, List<JsonNode> values) {
    List<Expression> each = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      each.add(
          new Parts()
              .add(new Expression.Test(0, NO_LIMIT, 0, 1L << i))
              .add(constant(values.get(i)))
              .add(new Expression.Mark(i))
              .build());
    }
    Expression loop = new Expression.Loop(Parts.choice(each), spacing.comma(), Math.max(1, items.min()), items.max());
    Expression filled = new Parts().add(spacing.inside()).add(loop).add(spacing.close("]")).build();
    Expression rest = items.min() > 0 ? filled : Expression.Choice.of(new Expression.Literal("]"), filled);
    return new Expression.Scope(new Parts().text("[").add(rest).build());
  }

  /** A value about which nothing is known, with at most {@code depth} arrays and objects around each other. */
  Expression any(int depth) {
    String name = prefix + "any" + depth;
    if (!rules.containsKey(name)) {
      rules.put(name, Expression.EMPTY);
      List<Expression> all = new ArrayList<>();
      all.add(Expression.Terminal.jsonString(Language.any()));
      all.add(Expression.Terminal.raw(Numbers.number(null, false, null, false, null)));
      for (String constant : new String[] {"true", "false", "null"}) {
        all.add(new Expression.Literal(constant));
      }
      if (depth > 0) {
        all.add(objects.free(List.of(anyEntry(depth - 1))));
        Expression items = new Expression.Repeat(any(depth - 1), spacing.comma(), 1, NO_LIMIT);
        Expression filled = new Parts().add(spacing.inside()).add(items).add(spacing.close("]")).build();
        all.add(new Parts().text("[").add(Expression.Choice.of(new Expression.Literal("]"), filled)).build());
      }
      rules.put(name, Parts.choice(all));
    }
    return new Expression.Call(name);
  }

  private Expression anyEntry(int depth) {
    return objects.entry(Language.any(), any(depth));
  }
}
