package io.github.llava4j.constraint.schema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.llava4j.ConstraintException;
import io.github.llava4j.constraint.grammar.Expression;
import io.github.llava4j.constraint.regular.Language;
import org.jspecify.annotations.Nullable;

/**
 * Writes objects. Where nothing is counted, a property is followed either by a comma and one of those behind it, or by the
 * end; each list of "one of those from here on" that is needed twice is a rule. Where properties are counted or need each
 * other, each one is either written or passed over, under tests, in a scope.
 */
final class ObjectWriter {

  private static final int NO_LIMIT = Integer.MAX_VALUE;
  private static final int MOST_INLINE = 64;

  private final GrammarWriter writer;
  private final Spacing spacing;

  ObjectWriter(GrammarWriter writer, Spacing spacing) {
    this.writer = writer;
    this.spacing = spacing;
  }

  Expression write(Graph.Fields object) {
    long required = object.fields().stream().filter(Graph.Field::required).count();
    boolean tooMany = object.max() < object.fields().size() || !object.free().isEmpty() && object.max() < NO_LIMIT;
    boolean tooFew = object.min() > Math.max(1, required);
    boolean needing = !Needs.of(object).isEmpty();
    return tooMany || tooFew || needing ? new Scoped(object).write() : plain(object);
  }

  /** Any number of free entries. */
  Expression free(List<Expression> entries) {
    Expression filled = new Parts().add(spacing.inside()).add(atLeastOne(entries)).build();
    return new Parts().text("{").add(Expression.Choice.of(new Expression.Literal("}"), filled)).build();
  }

  Expression entry(Language names, Expression value) {
    return new Parts()
        .add(Expression.Terminal.jsonString(names))
        .text(":")
        .add(spacing.behindColon())
        .add(value)
        .build();
  }

  private List<Expression> entries(Graph.Fields object) {
    List<Expression> entries = new ArrayList<>();
    for (Graph.Free free : object.free()) {
      entries.add(entry(free.names(), writer.value(free.value())));
    }
    return entries;
  }

  private Expression atLeastOne(List<Expression> entries) {
    return new Parts()
        .add(new Expression.Repeat(Parts.choice(entries), spacing.comma(), 1, NO_LIMIT))
        .add(spacing.close("}"))
        .build();
  }

  private Expression plain(Graph.Fields object) {
    List<Graph.Field> fields = object.fields();
    int size = fields.size();
    Expression end = spacing.close("}");
    boolean mustGoOn = false;
    // one or more properties from here on, to the end; null if there is none
    @Nullable Expression keys = object.free().isEmpty() ? null : atLeastOne(entries(object));
    for (int i = size - 1; i >= 0; i--) {
      Graph.Field field = fields.get(i);
      if (keys != null && (!field.required() || i % MOST_INLINE == 0)) {
        keys = keys instanceof Expression.Call ? keys : new Expression.Call(writer.newRule(keys));
      }
      Parts written = new Parts().add(spacing.key(field.name())).add(writer.value(field.value()));
      if (keys == null) {
        written.add(end);
      } else {
        Expression more = new Parts().add(spacing.comma()).add(keys).build();
        written.add(mustGoOn ? more : Expression.Choice.of(more, end));
      }
      keys = field.required() || keys == null ? written.build() : Expression.Choice.of(written.build(), keys);
      mustGoOn |= field.required();
    }
    if (keys == null) {
      return new Expression.Literal("{}");
    }
    Expression filled = new Parts().add(spacing.inside()).add(keys).build();
    return mustGoOn || object.min() > 0
        ? new Parts().text("{").add(filled).build()
        : new Parts().text("{").add(Expression.Choice.of(new Expression.Literal("}"), filled)).build();
  }

  /** Which optional property needs which other optional one, by index. */
  private record Needs(boolean[][] needs, boolean isEmpty) {

    static Needs of(Graph.Fields object) {
      Map<String, Integer> index = new HashMap<>();
      for (int i = 0; i < object.fields().size(); i++) {
        index.put(object.fields().get(i).name(), i);
      }
      boolean empty = true;
      boolean[][] needs = new boolean[object.needs().isEmpty() ? 0 : index.size()][];
      for (Map.Entry<String, Set<String>> need : object.needs().entrySet()) {
        Integer from = index.get(need.getKey());
        for (String name : from == null ? Set.<String>of() : need.getValue()) {
          int to = index.get(name);
          if (to != from && !object.fields().get(to).required()) {
            needs[from] = needs[from] == null ? new boolean[index.size()] : needs[from];
            needs[from][to] = true;
            empty = false;
          }
        }
      }
      return new Needs(needs, empty);
    }

    boolean has(int from, int to) {
      return from < needs.length && needs[from] != null && needs[from][to];
    }
  }

  /** An object that is written under tests. From every place either the property or its omission is allowed. */
  private final class Scoped {

    private final Graph.Fields object;
    private final List<Graph.Field> fields;
    private final Needs needs;
    private final Map<Integer, Integer> bits = new HashMap<>();
    private final boolean counts;

    Scoped(Graph.Fields object) {
      this.object = object;
      fields = object.fields();
      needs = Needs.of(object);
      counts = object.min() > 0 || object.max() < NO_LIMIT;
    }

    Expression write() {
      int requiredBehind = 0;
      int standingBehind = 0;
      boolean free = !object.free().isEmpty() && object.max() > 0;
      List<Expression> entries = free ? entries(object) : List.of();
      Expression first = new Parts().add(test(object.min(), NO_LIMIT, 0, 0)).text("}").build();
      Expression more = new Parts().add(test(object.min(), NO_LIMIT, 0, 0)).add(spacing.close("}")).build();
      if (free) {
        Expression item = Parts.choice(entries);
        Expression some = counts ? loop(item, Math.max(1, object.min())) : repeat(item);
        first = Expression.Choice.of(first, new Parts().add(spacing.inside()).add(some).add(spacing.close("}")).build());
        Expression others =
            counts
                ? loop(item, object.min())
                : Expression.Choice.of(new Parts().add(spacing.comma()).add(repeat(item)).build(), Expression.EMPTY);
        more = new Parts().add(others).add(spacing.close("}")).build();
      }
      for (int i = fields.size() - 1; i >= 0; i--) {
        Graph.Field field = fields.get(i);
        Expression next = new Expression.Call(writer.newRule(more));
        Expression skipFirst = new Expression.Call(writer.newRule(first));
        Expression property =
            new Parts()
                .add(spacing.key(field.name()))
                .add(writer.value(field.value()))
                .add(effects(i))
                .add(next)
                .build();
        Expression allowed = mayWrite(i, requiredBehind + 1);
        Expression writeFirst = new Parts().add(allowed).add(spacing.inside()).add(property).build();
        Expression writeMore = new Parts().add(allowed).add(spacing.comma()).add(property).build();
        if (field.required()) {
          first = writeFirst;
          more = writeMore;
          requiredBehind++;
        } else {
          Expression passed = mayPass(i, free ? NO_LIMIT : standingBehind);
          first = Expression.Choice.of(writeFirst, new Parts().add(passed).add(skipFirst).build());
          more = Expression.Choice.of(writeMore, new Parts().add(passed).add(next).build());
        }
        standingBehind += standsAlone(i) ? 1 : 0;
      }
      if (!free && standingBehind < object.min()) {
        throw new ConstraintException(
            "an object must have " + object.min() + " properties, and too many of them need each other: make some required");
      }
      return new Expression.Scope(new Parts().text("{").add(first).build());
    }

    private Expression loop(Expression item, int min) {
      return new Expression.Loop(item, spacing.comma(), min, object.max());
    }

    private Expression repeat(Expression item) {
      return new Expression.Repeat(item, spacing.comma(), 1, NO_LIMIT);
    }

    private Expression effects(int i) {
      Parts parts = new Parts();
      if (counts) {
        parts.add(new Expression.Tick());
      }
      boolean asked = false;
      for (int other = 0; other < fields.size(); other++) {
        asked |= other > i && (needs.has(i, other) || needs.has(other, i));
      }
      if (asked && !fields.get(i).required()) {
        parts.add(new Expression.Mark(bit(i)));
      }
      return parts.build();
    }

    /** Whether it may be written whatever was passed over: such properties are sure to fill an object up. */
    private boolean standsAlone(int i) {
      for (int other = 0; other < i; other++) {
        if (needs.has(i, other)) {
          return false;
        }
      }
      return true;
    }

    private Expression mayWrite(int i, int withThis) {
      long marked = 0;
      for (int other = 0; other < i; other++) {
        marked |= needs.has(i, other) ? 1L << bit(other) : 0;
      }
      int max = object.max() == NO_LIMIT ? NO_LIMIT : object.max() - withThis;
      return test(0, fields.get(i).required() ? NO_LIMIT : max, marked, 0);
    }

    private Expression mayPass(int i, int behind) {
      long unmarked = 0;
      for (int other = 0; other < i; other++) {
        unmarked |= needs.has(other, i) ? 1L << bit(other) : 0;
      }
      return test(behind == NO_LIMIT ? 0 : object.min() - behind, NO_LIMIT, 0, unmarked);
    }

    private Expression test(int min, int max, long marked, long unmarked) {
      if (min <= 0 && max == NO_LIMIT && marked == 0 && unmarked == 0) {
        return Expression.EMPTY;
      }
      return new Expression.Test(Math.max(0, min), max, marked, unmarked);
    }

    private int bit(int field) {
      int bit = bits.computeIfAbsent(field, key -> bits.size());
      if (bit > 63) {
        throw new ConstraintException(
            "more than 64 properties of an object need each other (dependentRequired): make some of them required");
      }
      return bit;
    }
  }
}
