package io.github.llava4j.constraint.grammar;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.llava4j.constraint.regular.Language;
import org.jspecify.annotations.Nullable;

/**
 * A slow reference for grammars: follows every way through the {@link Expression}s at once, code point by code point, with
 * nothing shared, compiled or clamped. What it says is right by being simple; tests compare real automata with it.
 *
 * <p>The ways are followed by explicit stacks, so a long text does no harm; a grammar with left recursion is an
 * IllegalStateException, and so is a test or tick with no scope around it.
 */
public final class GrammarOracle {

  private static final int NEVER = 1_000_000_000;
  private static final int MOST_WAYS = 200_000;
  private static final String SHORT_ESCAPES = "\"\\nrtbf";
  private static final String SHORT_ESCAPED = "\"\\\n\r\t\b\f";

  private final Map<String, Expression> rules;
  private final List<Expression> expressions = new ArrayList<>();
  private final Map<Expression, Integer> numbers = new IdentityHashMap<>();
  private final Map<String, Integer> ruleLength = new HashMap<>();
  private final Map<Expression, Integer> lengths = new IdentityHashMap<>();
  private final Map<Cell, Cell> cells = new HashMap<>();
  private final State start;

  public GrammarOracle(Grammar grammar) {
    rules = grammar.rules();
    measureRules();
    Expression root = new Expression.Call(grammar.root());
    start = close(List.of(new Way(null, push(new Task(Kind.DO, number(root), 0, 0, 0, null), null))));
  }

  /** Whether the text is a word of the grammar. */
  public boolean isWord(String text) {
    return after(text).isAccepting();
  }

  /** Whether some word begins with the text. */
  public boolean isPrefix(String text) {
    return !after(text).isDead();
  }

  /** Whether some word's UTF-8 begins with these bytes, which may end within a character. */
  public boolean isPrefix(byte[] utf8) {
    State state = start;
    int i = 0;
    while (i < utf8.length) {
      if (state.isFree()) {
        return true;
      }
      int lead = utf8[i] & 0xff;
      int length = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
      if (length == 0) {
        return false;
      }
      int known = Math.min(length, utf8.length - i);
      int bits = length == 1 ? lead : lead & (0xff >> length + 1);
      for (int k = 1; k < known; k++) {
        if ((utf8[i + k] & 0xc0) != 0x80) {
          return false;
        }
        bits = bits << 6 | utf8[i + k] & 0x3f;
      }
      int open = 6 * (length - known);
      int least = length == 1 ? 0 : length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000;
      int from = Math.max(bits << open, least);
      int to = Math.min((bits << open) + (1 << open) - 1, Character.MAX_CODE_POINT);
      if (from > to) {
        return false;
      }
      if (open > 0) {
        return state.takesAnyOf(from, Math.min(to, 0xd7ff)) || state.takesAnyOf(Math.max(from, 0xe000), to);
      }
      if (from >= 0xd800 && from <= 0xdfff) {
        return false;
      }
      state = state.next(from);
      if (state.isDead()) {
        return false;
      }
      i += length;
    }
    return !state.isDead();
  }

  /** Where the grammar is at the beginning. */
  public State start() {
    return start;
  }

  /** Where it is behind a text. */
  public State after(String text) {
    State state = start;
    for (int i = 0; i < text.length() && !state.isDead() && !state.isFree(); ) {
      int codePoint = text.codePointAt(i);
      state = state.next(codePoint);
      i += Character.charCount(codePoint);
    }
    return state;
  }

  /** All ways that a text leaves open. */
  public final class State {

    private final Set<Way> ways;
    private final boolean accepting;
    private final boolean free;

    private State(Set<Way> ways, boolean accepting, boolean free) {
      this.ways = ways;
      this.accepting = accepting;
      this.free = free;
    }

    public boolean isAccepting() {
      return accepting || free;
    }

    /** Whether no word goes on from here, nor ends here. */
    public boolean isDead() {
      return ways.isEmpty() && !accepting && !free;
    }

    /** Whether anything may follow. */
    public boolean isFree() {
      return free;
    }

    public State next(int codePoint) {
      if (free) {
        return this;
      }
      List<Way> result = new ArrayList<>();
      for (Way way : ways) {
        step(way, codePoint, result);
      }
      return close(result);
    }

    /** Whether one of these characters, none of them below U+0080, may follow. */
    public boolean takesAnyOf(int from, int to) {
      if (from > to) {
        return false;
      }
      for (Way way : ways) {
        if (takesAny(way, from, to)) {
          return true;
        }
      }
      return free;
    }

    /** How many ways there are: a measure of how ambiguous the grammar is here. */
    public int ways() {
      return ways.size();
    }

    /** Characters that may follow: one or some of each way, the ones that lead to its end first. */
    List<Offer> offers() {
      List<Offer> result = new ArrayList<>();
      for (Way way : ways) {
        offer(way, result);
      }
      return result;
    }
  }

  /** A range of characters that one way takes, and how many characters are needed from there, or a little more. */
  record Offer(int from, int to, long rest) {}

  private enum Kind {
    DO,
    SEQUENCE,
    LITERAL,
    WORD,
    REPEAT,
    LOOP,
    COUNT,
    RESTORE
  }

  /** Where in a terminal: between words, in it, or within an escape. */
  private static final int OPEN = 0, IN = 1, ESCAPE = 2, U = 3, U0 = 4, U00 = 5, U000 = 6, U001 = 7;

  private record Values(int count, long marks) {}

  private static final Values FORBIDDEN = new Values(-1, -1);

  private record Task(Kind kind, int expression, int a, int b, int c, @Nullable Values scope) {}

  private record Way(@Nullable Values scope, @Nullable Cell tasks) {}

  /** One task and those behind it; equal lists are the same object. */
  private static final class Cell {

    final Task task;
    final @Nullable Cell next;
    final long length;

    Cell(Task task, @Nullable Cell next, long length) {
      this.task = task;
      this.next = next;
      this.length = length;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Cell cell && cell.next == next && cell.task.equals(task);
    }

    @Override
    public int hashCode() {
      return task.hashCode() * 31 + System.identityHashCode(next);
    }
  }

  private Cell push(Task task, @Nullable Cell next) {
    Cell cell = new Cell(task, next, Math.min(NEVER, length(task) + (next == null ? 0 : next.length)));
    Cell known = cells.putIfAbsent(cell, cell);
    return known == null ? cell : known;
  }

  private int number(Expression expression) {
    return numbers.computeIfAbsent(
        expression,
        key -> {
          expressions.add(key);
          return expressions.size() - 1;
        });
  }

  private Cell doing(Expression expression, @Nullable Cell next) {
    return push(new Task(Kind.DO, number(expression), 0, 0, 0, null), next);
  }

  private State close(Collection<Way> begin) {
    Set<Way> seen = new LinkedHashSet<>(begin);
    Deque<Way> open = new ArrayDeque<>(seen);
    Set<Way> result = new LinkedHashSet<>();
    boolean accepting = false;
    boolean free = false;
    List<Way> found = new ArrayList<>();
    while (!open.isEmpty()) {
      Way way = open.poll();
      Cell top = way.tasks;
      if (top == null) {
        accepting = true;
        continue;
      }
      if (top.length >= NEVER) {
        continue;
      }
      found.clear();
      switch (top.task.kind) {
        case LITERAL -> result.add(way);
        case WORD -> {
          Expression.Terminal terminal = (Expression.Terminal) expressions.get(top.task.expression);
          boolean inside = top.task.c == IN;
          if (inside && terminal.encoding() == Expression.Encoding.RAW && ends(terminal, top.task)) {
            found.add(new Way(way.scope, top.next));
          }
          result.add(way);
        }
        case SEQUENCE -> {
          List<Expression> parts = ((Expression.Sequence) expressions.get(top.task.expression)).parts();
          int i = top.task.a;
          Cell next =
              i + 1 == parts.size()
                  ? top.next
                  : push(new Task(Kind.SEQUENCE, top.task.expression, i + 1, 0, 0, null), top.next);
          found.add(new Way(way.scope, doing(parts.get(i), next)));
        }
        case REPEAT -> repeat(way, found);
        case LOOP -> loop(way, found);
        case COUNT -> found.add(new Way(ticked(way.scope), top.next));
        case RESTORE -> found.add(new Way(top.task.scope, top.next));
        case DO -> {
          Expression expression = expressions.get(top.task.expression);
          if (expression instanceof Expression.Rest) {
            free = true;
          } else {
            begin(expression, way, found);
          }
        }
        default -> throw new IllegalStateException();
      }
      for (Way next : found) {
        if (seen.add(next)) {
          open.add(next);
        }
      }
      if (seen.size() > MOST_WAYS) {
        throw new IllegalStateException("left recursion, or a grammar too ambiguous for the oracle");
      }
    }
    return new State(result, accepting, free);
  }

  private void begin(Expression expression, Way way, List<Way> found) {
    Cell next = way.tasks.next;
    int id = way.tasks.task.expression;
    switch (expression) {
      case Expression.Literal literal ->
          found.add(
              new Way(way.scope, literal.text().isEmpty() ? next : push(new Task(Kind.LITERAL, id, 0, 0, 0, null), next)));
      case Expression.Terminal terminal -> {
        boolean raw = terminal.encoding() == Expression.Encoding.RAW;
        int state = terminal.language().start();
        found.add(new Way(way.scope, push(new Task(Kind.WORD, id, state, 0, raw ? IN : OPEN, null), next)));
      }
      case Expression.Sequence sequence ->
          found.add(
              new Way(
                  way.scope, sequence.parts().isEmpty() ? next : push(new Task(Kind.SEQUENCE, id, 0, 0, 0, null), next)));
      case Expression.Choice choice -> {
        for (Expression alternative : choice.alternatives()) {
          found.add(new Way(way.scope, doing(alternative, next)));
        }
      }
      case Expression.Repeat ignored ->
          found.add(new Way(way.scope, push(new Task(Kind.REPEAT, id, 0, 0, 0, null), next)));
      case Expression.Loop ignored -> found.add(new Way(way.scope, push(new Task(Kind.LOOP, id, 0, 0, 0, null), next)));
      case Expression.Call call -> {
        boolean tail = next == null || next.task.kind == Kind.RESTORE;
        Cell behind = tail ? next : push(new Task(Kind.RESTORE, 0, 0, 0, 0, way.scope), next);
        found.add(new Way(tail ? way.scope : null, doing(rules.get(call.rule()), behind)));
      }
      case Expression.Scope scope ->
          found.add(
              new Way(
                  new Values(0, 0), doing(scope.body(), push(new Task(Kind.RESTORE, 0, 0, 0, 0, way.scope), next))));
      case Expression.Tick ignored -> found.add(new Way(ticked(way.scope), next));
      case Expression.Mark mark -> {
        Values values = checked(way.scope);
        found.add(new Way(new Values(values.count, values.marks | 1L << mark.bit()), next));
      }
      case Expression.Test test -> {
        Values values = checked(way.scope);
        if (values.count >= test.minCount()
            && values.count <= test.maxCount()
            && (values.marks & test.marked()) == test.marked()
            && (values.marks & test.unmarked()) == 0) {
          found.add(new Way(way.scope, next));
        }
      }
      case Expression.Signal ignored -> found.add(new Way(way.scope, next));
      case Expression.Rest ignored -> throw new IllegalStateException();
    }
  }

  private void repeat(Way way, List<Way> found) {
    Task task = way.tasks.task;
    Expression.Repeat repeat = (Expression.Repeat) expressions.get(task.expression);
    Cell next = way.tasks.next;
    boolean counts = repeat.min() > 1 || repeat.max() != Integer.MAX_VALUE;
    if (task.a >= repeat.min()) {
      found.add(new Way(way.scope, next));
    }
    if (task.a < repeat.max()) {
      int more = repeat.max() == Integer.MAX_VALUE ? Math.min(task.a + 1, Math.max(1, repeat.min())) : task.a + 1;
      Cell behind = push(new Task(Kind.REPEAT, task.expression, more, 0, 0, null), next);
      if (counts) {
        behind = push(new Task(Kind.RESTORE, 0, 0, 0, 0, way.scope), behind);
      }
      Cell item = doing(repeat.item(), behind);
      found.add(new Way(counts ? FORBIDDEN : way.scope, task.a == 0 ? item : doing(repeat.separator(), item)));
    }
  }

  private void loop(Way way, List<Way> found) {
    Task task = way.tasks.task;
    Expression.Loop loop = (Expression.Loop) expressions.get(task.expression);
    Values values = checked(way.scope);
    if (values.count >= loop.min()) {
      found.add(new Way(values, way.tasks.next));
    }
    if (values.count < loop.max()) {
      Cell again = push(task, way.tasks.next);
      Cell item = doing(loop.item(), push(new Task(Kind.COUNT, 0, 0, 0, 0, null), again));
      found.add(new Way(values, values.count == 0 ? item : doing(loop.separator(), item)));
    }
  }

  private static Values checked(@Nullable Values scope) {
    if (scope == null || scope == FORBIDDEN) {
      throw new IllegalStateException("a tick, mark, test or loop has no scope of its own around it");
    }
    return scope;
  }

  private static Values ticked(@Nullable Values scope) {
    Values values = checked(scope);
    return new Values(values.count + 1, values.marks);
  }

  private static boolean ends(Expression.Terminal terminal, Task task) {
    return terminal.language().accepting(task.a) && task.b >= terminal.minLength() && task.b <= terminal.maxLength();
  }

  private void step(Way way, int codePoint, List<Way> result) {
    Task task = way.tasks.task;
    Cell next = way.tasks.next;
    if (task.kind == Kind.LITERAL) {
      String text = ((Expression.Literal) expressions.get(task.expression)).text();
      if (text.codePointAt(task.a) == codePoint) {
        int end = task.a + Character.charCount(codePoint);
        result.add(
            new Way(
                way.scope,
                end == text.length() ? next : push(new Task(Kind.LITERAL, task.expression, end, 0, 0, null), next)));
      }
      return;
    }
    Expression.Terminal terminal = (Expression.Terminal) expressions.get(task.expression);
    switch (task.c) {
      case OPEN -> {
        if (codePoint == '"') {
          result.add(at(way, task.a, task.b, IN));
        }
      }
      case IN -> {
        if (terminal.encoding() == Expression.Encoding.RAW) {
          take(way, codePoint, result);
        } else if (codePoint == '"') {
          if (ends(terminal, task)) {
            result.add(new Way(way.scope, next));
          }
        } else if (codePoint == '\\') {
          escape(way, ESCAPE, result);
        } else if (codePoint >= 0x20) {
          take(way, codePoint, result);
        }
      }
      case ESCAPE -> {
        int i = SHORT_ESCAPES.indexOf(codePoint);
        if (i >= 0) {
          take(way, SHORT_ESCAPED.charAt(i), result);
        } else if (codePoint == 'u') {
          escape(way, U, result);
        }
      }
      case U, U0 -> {
        if (codePoint == '0') {
          escape(way, task.c + 1, result);
        }
      }
      case U00 -> {
        if (codePoint == '0' || codePoint == '1') {
          escape(way, codePoint == '0' ? U000 : U001, result);
        }
      }
      case U000, U001 -> {
        int digit = "0123456789abcdef".indexOf(codePoint);
        int control = (task.c == U000 ? 0 : 16) + digit;
        if (digit >= 0 && SHORT_ESCAPED.indexOf(control) < 0) {
          take(way, control, result);
        }
      }
      default -> throw new IllegalStateException();
    }
  }

  /** Into an escape, if some character that is written so may follow. */
  private void escape(Way way, int phase, List<Way> result) {
    for (int c = 0; c < 128; c++) {
      boolean brief = SHORT_ESCAPED.indexOf(c) >= 0;
      boolean written =
          switch (phase) {
            case ESCAPE -> brief || c < 32;
            case U, U0, U00 -> !brief && c < 32;
            case U000 -> !brief && c < 16;
            case U001 -> !brief && c >= 16 && c < 32;
            default -> false;
          };
      if (written && target(way.tasks.task, c) >= 0) {
        result.add(at(way, way.tasks.task.a, way.tasks.task.b, phase));
        return;
      }
    }
  }

  private void take(Way way, int codePoint, List<Way> result) {
    int target = target(way.tasks.task, codePoint);
    if (target >= 0) {
      result.add(at(way, target, counted(way.tasks.task), IN));
    }
  }

  private int counted(Task task) {
    Expression.Terminal terminal = (Expression.Terminal) expressions.get(task.expression);
    return terminal.maxLength() == Integer.MAX_VALUE ? Math.min(task.b + 1, terminal.minLength()) : task.b + 1;
  }

  private Way at(Way way, int state, int count, int phase) {
    return new Way(
        way.scope, push(new Task(Kind.WORD, way.tasks.task.expression, state, count, phase, null), way.tasks.next));
  }

  private int target(Task task, int codePoint) {
    Language language = ((Expression.Terminal) expressions.get(task.expression)).language();
    for (int i = 0; i < language.rangeCount(task.a); i++) {
      if (language.rangeFrom(task.a, i) <= codePoint && codePoint <= language.rangeTo(task.a, i)) {
        int target = language.target(task.a, i);
        return fits(task, target) ? target : -1;
      }
    }
    return -1;
  }

  /** Whether a word that has gone one character on, to {@code target}, can still end within its limit. */
  private boolean fits(Task task, int target) {
    Expression.Terminal terminal = (Expression.Terminal) expressions.get(task.expression);
    int limit = terminal.maxLength();
    return limit == Integer.MAX_VALUE || task.b < limit && terminal.language().distance(target) <= limit - task.b - 1;
  }

  private boolean takesAny(Way way, int from, int to) {
    Task task = way.tasks.task;
    if (task.kind == Kind.LITERAL) {
      int codePoint = ((Expression.Literal) expressions.get(task.expression)).text().codePointAt(task.a);
      return from <= codePoint && codePoint <= to;
    }
    if (task.c != IN) {
      return false;
    }
    Language language = ((Expression.Terminal) expressions.get(task.expression)).language();
    for (int i = 0; i < language.rangeCount(task.a); i++) {
      if (language.rangeFrom(task.a, i) <= to
          && language.rangeTo(task.a, i) >= from
          && fits(task, language.target(task.a, i))) {
        return true;
      }
    }
    return false;
  }

  private void offer(Way way, List<Offer> result) {
    Task task = way.tasks.task;
    long behind = way.tasks.next == null ? 0 : way.tasks.next.length;
    if (task.kind == Kind.LITERAL) {
      String text = ((Expression.Literal) expressions.get(task.expression)).text();
      int codePoint = text.codePointAt(task.a);
      result.add(new Offer(codePoint, codePoint, text.length() - task.a - 1 + behind));
      return;
    }
    Expression.Terminal terminal = (Expression.Terminal) expressions.get(task.expression);
    Language language = terminal.language();
    boolean json = terminal.encoding() == Expression.Encoding.JSON_STRING;
    if (task.c != IN) {
      List<Way> taken = new ArrayList<>();
      for (int c = '"'; c < 128; c++) {
        taken.clear();
        step(way, c, taken);
        if (!taken.isEmpty()) {
          result.add(new Offer(c, c, taken.get(0).tasks == null ? 0 : taken.get(0).tasks.length));
        }
      }
      return;
    }
    if (json && ends(terminal, task)) {
      result.add(new Offer('"', '"', behind));
    }
    boolean escapes = false;
    for (int i = 0; i < language.rangeCount(task.a); i++) {
      int target = language.target(task.a, i);
      if (!fits(task, target)) {
        continue;
      }
      long rest = Math.max(language.distance(target), terminal.minLength() - task.b - 1) + behind + (json ? 1 : 0);
      int from = language.rangeFrom(task.a, i);
      int to = language.rangeTo(task.a, i);
      if (!json) {
        result.add(new Offer(from, to, rest));
        continue;
      }
      escapes |= from < 0x20 || from <= '"' && '"' <= to || from <= '\\' && '\\' <= to;
      int begin = Math.max(from, 0x20);
      for (int special : new int[] {'"', '\\'}) {
        if (begin <= special && special <= to) {
          if (begin < special) {
            result.add(new Offer(begin, special - 1, rest));
          }
          begin = special + 1;
        }
      }
      if (begin <= to) {
        result.add(new Offer(begin, to, rest));
      }
    }
    if (escapes) {
      List<Way> taken = new ArrayList<>();
      escape(way, ESCAPE, taken);
      if (!taken.isEmpty()) {
        result.add(new Offer('\\', '\\', way.tasks.length + 6));
      }
    }
  }

  /** Least characters of the rules' words, tests aside, as a fixed point from above. */
  private void measureRules() {
    boolean changed = true;
    while (changed) {
      changed = false;
      for (Map.Entry<String, Expression> rule : rules.entrySet()) {
        int length = measure(rule.getValue());
        if (length < ruleLength.getOrDefault(rule.getKey(), NEVER)) {
          ruleLength.put(rule.getKey(), length);
          changed = true;
        }
      }
    }
  }

  private int measure(Expression expression) {
    return switch (expression) {
      case Expression.Literal literal -> literal.text().codePointCount(0, literal.text().length());
      case Expression.Terminal terminal -> {
        int least = terminal.language().isNone() ? NEVER : terminal.language().shortestLength();
        int length = Math.max(least, terminal.minLength());
        int quotes = terminal.encoding() == Expression.Encoding.JSON_STRING ? 2 : 0;
        yield length > terminal.maxLength() ? NEVER : length + quotes;
      }
      case Expression.Sequence sequence -> {
        long sum = 0;
        for (Expression part : sequence.parts()) {
          sum += measure(part);
        }
        yield (int) Math.min(NEVER, sum);
      }
      case Expression.Choice choice -> {
        int least = NEVER;
        for (Expression alternative : choice.alternatives()) {
          least = Math.min(least, measure(alternative));
        }
        yield least;
      }
      case Expression.Repeat repeat -> times(repeat.item(), repeat.separator(), repeat.min());
      case Expression.Loop ignored -> 0;
      case Expression.Call call -> {
        if (!rules.containsKey(call.rule())) {
          throw new IllegalStateException("no rule " + call.rule());
        }
        yield ruleLength.getOrDefault(call.rule(), NEVER);
      }
      case Expression.Scope scope -> measure(scope.body());
      case Expression.Tick ignored -> 0;
      case Expression.Mark ignored -> 0;
      case Expression.Test ignored -> 0;
      case Expression.Signal ignored -> 0;
      case Expression.Rest ignored -> 0;
    };
  }

  private int times(Expression item, Expression separator, int min) {
    return min == 0 ? 0 : (int) Math.min(NEVER, (long) measure(item) * min + (long) measure(separator) * (min - 1));
  }

  private long length(Task task) {
    if (task.kind == Kind.RESTORE || task.kind == Kind.COUNT || task.kind == Kind.LOOP) {
      return 0;
    }
    Expression expression = expressions.get(task.expression);
    return switch (task.kind) {
      case DO -> lengths.computeIfAbsent(expression, this::measure);
      case SEQUENCE -> {
        List<Expression> parts = ((Expression.Sequence) expression).parts();
        long sum = 0;
        for (Expression part : parts.subList(task.a, parts.size())) {
          sum += lengths.computeIfAbsent(part, this::measure);
        }
        yield sum;
      }
      case LITERAL -> ((Expression.Literal) expression).text().length() - task.a;
      case WORD -> {
        Expression.Terminal terminal = (Expression.Terminal) expression;
        long word = Math.max(terminal.language().distance(task.a), terminal.minLength() - task.b);
        boolean json = terminal.encoding() == Expression.Encoding.JSON_STRING;
        yield terminal.language().isNone() ? NEVER : word + (json ? task.c == OPEN ? 2 : 1 : 0);
      }
      case REPEAT -> {
        Expression.Repeat repeat = (Expression.Repeat) expression;
        int left = Math.max(0, repeat.min() - task.a);
        int separators = task.a > 0 && left > 0 ? measure(repeat.separator()) : 0;
        yield (long) times(repeat.item(), repeat.separator(), left) + separators;
      }
      default -> throw new IllegalStateException();
    };
  }
}
