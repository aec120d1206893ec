package io.github.llava4j.text.jinja;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.llava4j.text.jinja.Expression.Arguments;
import io.github.llava4j.text.jinja.Values.Function;
import org.jspecify.annotations.Nullable;

/** Runs a template once. A budget of steps ends those that would run for ever. */
final class Interpreter {

  private static final int MOST_STEPS = 5_000_000;
  private static final long LONGEST_RANGE = 100_000;
  private static final int DEEPEST = 100;

  /** How a run of nodes ended. */
  private enum Flow { NEXT, BREAK, CONTINUE }

  /** A mutable object: the one thing that a loop may change for what follows it. */
  private static final class Namespace {
    private final Map<String, @Nullable Object> fields = new HashMap<>();
  }

  private static final class Scope {
    private final @Nullable Scope outer;
    private final Map<String, @Nullable Object> names = new HashMap<>();

    Scope(@Nullable Scope outer) {
      this.outer = outer;
    }

    @Nullable Object find(String name) {
      for (Scope scope = this; scope != null; scope = scope.outer) {
        if (scope.names.containsKey(name)) {
          return scope.names.get(name);
        }
      }
      return Values.UNDEFINED;
    }
  }

  private final Scope globals = new Scope(null);
  private List<Marked> out = new ArrayList<>();
  private int steps;
  private int depth;

  Interpreter(Map<String, @Nullable Object> variables) {
    globals.names.put("range", function((places, named) -> range(places)));
    globals.names.put("namespace", function((places, named) -> {
      Namespace namespace = new Namespace();
      if (!places.isEmpty() && places.getFirst() instanceof Map<?, ?> map) {
        map.forEach((key, value) -> namespace.fields.put(key.toString(), value));
      }
      namespace.fields.putAll(named);
      return namespace;
    }));
    globals.names.put("dict", function((places, named) -> {
      Map<Object, @Nullable Object> map = Values.map();
      named.forEach((key, value) -> map.put(Marked.of(key), value));
      return map;
    }));
    globals.names.put("raise_exception", function((places, named) -> {
      throw new JinjaException(places.isEmpty() ? "the template refuses this" : Values.text(places.getFirst()).text());
    }));
    globals.names.put("strftime_now", function((places, named) ->
        Marked.of(Dates.format(LocalDateTime.now(), Values.text(places.getFirst()).text()))));
    globals.names.putAll(variables);
  }

  private static Function function(Function function) {
    return function;
  }

  Marked run(List<Node> nodes) {
    run(nodes, new Scope(globals));
    return Marked.join(out, Marked.EMPTY);
  }

  private Flow run(List<Node> nodes, Scope scope) {
    for (Node node : nodes) {
      step();
      Flow flow = run(node, scope);
      if (flow != Flow.NEXT) {
        return flow;
      }
    }
    return Flow.NEXT;
  }

  private void step() {
    if (++steps > MOST_STEPS) {
      throw new JinjaException("does not come to an end");
    }
  }

  private Flow run(Node node, Scope scope) {
    switch (node) {
      case Node.Data data -> out.add(data.text());
      case Node.Print print -> out.add(at(print.line(), () -> Values.text(value(print.value(), scope))));
      case Node.For loop -> at(loop.line(), () -> loop(loop, scope));
      case Node.If choice -> {
        for (Node.Branch branch : choice.branches()) {
          if (branch.condition() == null || Values.truthy(value(branch.condition(), scope))) {
            return run(branch.body(), scope);
          }
        }
      }
      case Node.Set set -> at(set.line(), () -> set(set, scope));
      case Node.SetBlock set -> scope.names.put(set.target(), captured(set.body(), scope));
      case Node.Macro macro -> scope.names.put(macro.name(), macro(macro, scope));
      case Node.Group group -> {
        return run(group.body(), scope);
      }
      case Node.Break end -> {
        return Flow.BREAK;
      }
      case Node.Continue next -> {
        return Flow.CONTINUE;
      }
    }
    return Flow.NEXT;
  }

  private interface Action<T> {
    T run();
  }

  /** Names the line in an error that does not have one yet. */
  private static <T> T at(int line, Action<T> action) {
    try {
      return action.run();
    } catch (JinjaException e) {
      throw e.getMessage().startsWith("line ") ? e : new JinjaException(line, e.getMessage());
    }
  }

  private @Nullable Object loop(Node.For loop, Scope scope) {
    List<@Nullable Object> items = new ArrayList<>();
    for (Object item : Values.items(value(loop.items(), scope))) {
      step();
      Scope inner = new Scope(scope);
      bind(inner, loop.targets(), item);
      if (loop.condition() == null || Values.truthy(value(loop.condition(), inner))) {
        items.add(item);
      }
    }
    if (items.isEmpty()) {
      run(loop.otherwise(), new Scope(scope));
    }
    for (int i = 0; i < items.size(); i++) {
      Scope inner = new Scope(scope);
      inner.names.put("loop", about(items, i));
      bind(inner, loop.targets(), items.get(i));
      if (run(loop.body(), inner) == Flow.BREAK) {
        break;
      }
    }
    return null;
  }

  private static Map<Object, @Nullable Object> about(List<@Nullable Object> items, int i) {
    Map<Object, @Nullable Object> loop = Values.map();
    long size = items.size();
    loop.put(Marked.of("index"), i + 1L);
    loop.put(Marked.of("index0"), (long) i);
    loop.put(Marked.of("revindex"), size - i);
    loop.put(Marked.of("revindex0"), size - i - 1);
    loop.put(Marked.of("first"), i == 0);
    loop.put(Marked.of("last"), i == size - 1);
    loop.put(Marked.of("length"), size);
    loop.put(Marked.of("previtem"), i > 0 ? items.get(i - 1) : Values.UNDEFINED);
    loop.put(Marked.of("nextitem"), i < size - 1 ? items.get(i + 1) : Values.UNDEFINED);
    loop.put(Marked.of("cycle"), function((places, named) -> places.get(i % places.size())));
    return loop;
  }

  private static void bind(Scope scope, List<String> targets, @Nullable Object value) {
    if (targets.size() == 1) {
      scope.names.put(targets.getFirst(), value);
      return;
    }
    List<@Nullable Object> items = Values.items(value);
    if (items.size() != targets.size()) {
      throw new JinjaException("expected " + targets.size() + " values, found " + items.size());
    }
    for (int i = 0; i < items.size(); i++) {
      scope.names.put(targets.get(i), items.get(i));
    }
  }

  private @Nullable Object set(Node.Set set, Scope scope) {
    Object value = value(set.value(), scope);
    if (set.attribute() == null) {
      bind(scope, set.targets(), value);
    } else if (scope.find(set.targets().getFirst()) instanceof Namespace namespace) {
      namespace.fields.put(set.attribute(), value);
    } else {
      throw new JinjaException("only attributes of a namespace can be set");
    }
    return null;
  }

  private Marked captured(List<Node> nodes, Scope scope) {
    List<Marked> before = out;
    out = new ArrayList<>();
    try {
      run(nodes, new Scope(scope));
      return Marked.join(out, Marked.EMPTY);
    } finally {
      out = before;
    }
  }

  private Function macro(Node.Macro macro, Scope scope) {
    return (places, named) -> {
      if (++depth > DEEPEST) {
        throw new JinjaException("macros call each other too deeply");
      }
      Scope inner = new Scope(scope);
      for (int i = 0; i < macro.parameters().size(); i++) {
        String name = macro.parameters().get(i);
        Object value = i < places.size() ? places.get(i)
            : named.containsKey(name) ? named.get(name)
            : macro.defaults().get(i) == null ? Values.UNDEFINED : value(macro.defaults().get(i), inner);
        inner.names.put(name, value);
      }
      Marked text = captured(macro.body(), inner);
      depth--;
      return text;
    };
  }

  private static List<@Nullable Object> range(List<@Nullable Object> places) {
    long from = places.size() > 1 ? whole(places.get(0)) : 0;
    long to = whole(places.get(places.size() > 1 ? 1 : 0));
    long by = places.size() > 2 ? whole(places.get(2)) : 1;
    if (by == 0 || (to - from) / by > LONGEST_RANGE) {
      throw new JinjaException("a range that is too long");
    }
    List<@Nullable Object> numbers = new ArrayList<>();
    for (long i = from; by > 0 ? i < to : i > to; i += by) {
      numbers.add(i);
    }
    return numbers;
  }

  private static long whole(@Nullable Object value) {
    if (value instanceof Long number && Math.abs(number) < 1L << 40) {
      return number;
    }
    throw new JinjaException("expected a whole number, found " + Values.kind(value));
  }

  private @Nullable Object value(Expression expression, Scope scope) {
    step();
    return switch (expression) {
      case Expression.Literal literal -> literal.value();
      case Expression.Name name -> scope.find(name.name());
      case Expression.ListOf list -> values(list.items(), scope);
      case Expression.DictOf dict -> {
        Map<Object, @Nullable Object> map = Values.map();
        for (int i = 0; i < dict.keys().size(); i++) {
          map.put(value(dict.keys().get(i), scope), value(dict.values().get(i), scope));
        }
        yield map;
      }
      case Expression.Attribute attribute -> attribute(value(attribute.of(), scope), attribute.name());
      case Expression.Item item -> item(value(item.of(), scope), value(item.key(), scope));
      case Expression.Slice slice -> Values.slice(
          value(slice.of(), scope), optional(slice.from(), scope), optional(slice.to(), scope),
          optional(slice.step(), scope));
      case Expression.Call call -> at(call.line(), () -> {
        Object function = value(call.function(), scope);
        if (!(function instanceof Function callable)) {
          throw new JinjaException("calls " + described(call.function()) + ", which is not known");
        }
        return callable.call(values(call.arguments().places(), scope), named(call.arguments(), scope));
      });
      case Expression.Filter filter -> at(filter.line(), () -> Filters.apply(
          filter.name(), value(filter.of(), scope), values(filter.arguments().places(), scope),
          named(filter.arguments(), scope)));
      case Expression.Test test -> at(test.line(), () -> test.negated() != Filters.test(
          test.name(), value(test.of(), scope), values(test.arguments().places(), scope)));
      case Expression.Unary unary -> unary(unary, scope);
      case Expression.Binary binary -> binary(binary, scope);
      case Expression.Comparison comparison -> at(comparison.line(), () -> compare(comparison, scope));
      case Expression.Choice choice -> {
        Expression taken = Values.truthy(value(choice.condition(), scope)) ? choice.yes() : choice.no();
        yield taken == null ? Values.UNDEFINED : value(taken, scope);
      }
    };
  }

  private static String described(Expression function) {
    return switch (function) {
      case Expression.Name name -> '"' + name.name() + '"';
      case Expression.Attribute attribute -> "the method \"" + attribute.name() + '"';
      default -> "something";
    };
  }

  private @Nullable Object optional(@Nullable Expression expression, Scope scope) {
    return expression == null ? null : value(expression, scope);
  }

  private List<@Nullable Object> values(List<Expression> expressions, Scope scope) {
    List<@Nullable Object> values = new ArrayList<>();
    expressions.forEach(expression -> values.add(value(expression, scope)));
    return values;
  }

  private Map<String, @Nullable Object> named(Arguments arguments, Scope scope) {
    Map<String, @Nullable Object> named = new LinkedHashMap<>();
    for (int i = 0; i < arguments.names().size(); i++) {
      named.put(arguments.names().get(i), value(arguments.named().get(i), scope));
    }
    return named;
  }

  private static @Nullable Object attribute(@Nullable Object value, String name) {
    if (value instanceof Namespace namespace) {
      return namespace.fields.getOrDefault(name, Values.UNDEFINED);
    }
    Function method = Methods.of(value, name);
    return method != null ? method : Values.item(value, Marked.of(name));
  }

  private static @Nullable Object item(@Nullable Object value, @Nullable Object key) {
    if (value instanceof Namespace namespace) {
      return namespace.fields.getOrDefault(String.valueOf(key), Values.UNDEFINED);
    }
    Object item = Values.item(value, key);
    Function method = item == Values.UNDEFINED && key instanceof Marked name ? Methods.of(value, name.text()) : null;
    return method == null ? item : method;
  }

  private @Nullable Object unary(Expression.Unary unary, Scope scope) {
    Object value = value(unary.of(), scope);
    if (unary.operator().equals("not")) {
      return !Values.truthy(value);
    }
    return value instanceof Long number ? (Object) (-number) : Values.binary("-", 0L, value);
  }

  private @Nullable Object binary(Expression.Binary binary, Scope scope) {
    Object left = value(binary.left(), scope);
    return switch (binary.operator()) {
      case "and" -> Values.truthy(left) ? value(binary.right(), scope) : left;
      case "or" -> Values.truthy(left) ? left : value(binary.right(), scope);
      default -> at(binary.line(), () -> Values.binary(binary.operator(), left, value(binary.right(), scope)));
    };
  }

  private Boolean compare(Expression.Comparison comparison, Scope scope) {
    Object left = value(comparison.operands().getFirst(), scope);
    for (int i = 0; i < comparison.operators().size(); i++) {
      Object right = value(comparison.operands().get(i + 1), scope);
      boolean holds = switch (comparison.operators().get(i)) {
        case "==" -> Values.equal(left, right);
        case "!=" -> !Values.equal(left, right);
        case "in" -> Values.contains(right, left);
        case "not in" -> !Values.contains(right, left);
        case "<" -> Values.compare(left, right) < 0;
        case "<=" -> Values.compare(left, right) <= 0;
        case ">" -> Values.compare(left, right) > 0;
        default -> Values.compare(left, right) >= 0;
      };
      if (!holds) {
        return false;
      }
      left = right;
    }
    return true;
  }
}
