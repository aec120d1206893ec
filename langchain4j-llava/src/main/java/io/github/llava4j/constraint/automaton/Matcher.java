package io.github.llava4j.constraint.automaton;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import io.github.llava4j.constraint.automaton.Config.Trail;
import io.github.llava4j.text.Utf8Assembler;
import org.jspecify.annotations.Nullable;

/**
 * Where one answer is in its grammar, token by token. Not thread-safe.
 *
 * <p>One space at the very beginning is always allowed and not part of the text: the way in which SentencePiece writes.
 */
public final class Matcher {

  /** What a token meant: text that is certain now, or a {@link io.github.llava4j.constraint.grammar.Expression.Signal}. */
  public sealed interface Piece {

    /** The answer goes on with that text; never half a character. */
    record Text(String text) implements Piece {}

    /** The answer has reached that signal. It comes when all ways to read the text agree, so it may come late. */
    record Reached(int signal) implements Piece {}
  }

  private final Machine machine;
  private final Utf8Assembler assembler = new Utf8Assembler();
  private List<Config> configs;
  private long position;
  private int told;
  private int tested = -1;
  private List<Config> afterTested = List.of();

  Matcher(Machine machine) {
    this.machine = machine;
    this.configs = machine.readings();
  }

  /**
   * Whether {@code token} may follow, and the answer can then still be completed.
   *
   * @param budget tokens that are left, this one included
   */
  public boolean allows(int token, int budget) {
    if (machine.tokens().isEnd(token)) {
      return isAccepting();
    }
    List<Config> next = after(token);
    return !next.isEmpty() && machine.least(next) <= Math.min(budget, limit()) - 1;
  }

  /** The greatest budget that makes sense here: answers that are too deep may only be closed. */
  private int limit() {
    return Machine.isTooDeep(configs) ? Math.max(1, leastTokens()) : Integer.MAX_VALUE;
  }

  private List<Config> after(int token) {
    if (token != tested) {
      afterTested = machine.read(configs, token, position);
      tested = token;
    }
    return afterTested;
  }

  /**
   * The tokens that the grammar lets follow, as bits, end tokens included. The budget is not looked at. Shared: not to be
   * changed.
   */
  public long[] mask() {
    return machine.mask(configs);
  }

  /** The same without those that would not leave enough of {@code budget} to complete the answer. Takes milliseconds. */
  public long[] mask(int budget) {
    long[] mask = mask().clone();
    for (int i = 0; i < mask.length; i++) {
      for (long bits = mask[i]; bits != 0; bits &= bits - 1) {
        int token = i * Long.SIZE + Long.numberOfTrailingZeros(bits);
        if (!allows(token, budget)) {
          mask[i] &= ~(1L << token);
        }
      }
    }
    return mask;
  }

  /**
   * Takes the next token.
   *
   * @param token that {@link #allows} would allow, or any token once it {@link #isFree}; no end token
   */
  public List<Piece> accept(int token) {
    byte[] bytes = machine.tokens().bytes(token);
    List<Config> next = after(token);
    if (next.isEmpty() || bytes == null) {
      throw new IllegalArgumentException("token " + token + " cannot follow");
    }
    boolean first = position == 0;
    long before = position;
    position += bytes.length;
    configs = next;
    tested = -1;
    List<Piece> pieces = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    Deque<Trail> signals = newSignals();
    for (int i = 0; i <= bytes.length; i++) {
      while (!signals.isEmpty() && signals.peek().position() <= before + i) {
        flush(text, pieces);
        pieces.add(new Piece.Reached(signals.pop().signal()));
        told++;
      }
      if (i < bytes.length && !(first && i == 0 && bytes[0] == ' ')) {
        text.append(assembler.append(bytes[i] & 0xFF));
      }
    }
    flush(text, pieces);
    return pieces;
  }

  private static void flush(StringBuilder text, List<Piece> pieces) {
    if (!text.isEmpty()) {
      pieces.add(new Piece.Text(text.toString()));
      text.setLength(0);
    }
  }

  /** Signals that all readings have come by and that were not told yet, in order. */
  private Deque<Trail> newSignals() {
    List<Trail> common = null;
    for (Config config : configs) {
      List<Trail> trail = trail(config.trail());
      common = common == null ? trail : common.subList(0, shared(common, trail));
    }
    return new ArrayDeque<>(common == null ? List.of() : common.subList(Math.min(told, common.size()), common.size()));
  }

  private static int shared(List<Trail> a, List<Trail> b) {
    int n = 0;
    while (n < Math.min(a.size(), b.size()) && (a.get(n) == b.get(n)
        || a.get(n).signal() == b.get(n).signal() && a.get(n).position() == b.get(n).position())) {
      n++;
    }
    return n;
  }

  private static List<Trail> trail(@Nullable Trail last) {
    ArrayDeque<Trail> trail = new ArrayDeque<>();
    for (Trail at = last; at != null; at = at.before()) {
      trail.addFirst(at);
    }
    return List.copyOf(trail);
  }

  /** Whether the answer is complete as it stands. */
  public boolean isAccepting() {
    return Automaton.isAccepting(configs);
  }

  /** Whether it is complete and nothing can follow. */
  public boolean isFinished() {
    return configs.stream().allMatch(config -> config.node().kind == Node.Kind.RETURN);
  }

  /** Whether nothing is constrained any more: all further tokens are the model's own affair. */
  public boolean isFree() {
    return configs.stream().anyMatch(config -> config.node().kind == Node.Kind.REST);
  }

  /** Whether the answer is inside free text, such as a string without a pattern: there, penalties make sense. */
  public boolean isInText() {
    return configs.stream().anyMatch(config -> config.node().kind == Node.Kind.REST
        || config.node().kind == Node.Kind.LEXEME && config.node().lexeme().isFree(config.state()));
  }

  /** With so many tokens, and perhaps fewer, the answer can be completed; 0 if it is complete. */
  public int leastTokens() {
    return machine.least(configs);
  }
}
