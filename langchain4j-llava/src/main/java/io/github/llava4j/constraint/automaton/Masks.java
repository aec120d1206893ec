package io.github.llava4j.constraint.automaton;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.llava4j.constraint.automaton.States.State;
import io.github.llava4j.constraint.token.TokenTable;
import io.github.llava4j.constraint.token.TokenTrie;
import org.jspecify.annotations.Nullable;

/** Which tokens may follow in a state: found by walking the trees of tokens, and remembered. Not thread-safe. */
final class Masks {

  /** 4 KB each with 32,000 tokens. */
  private static final int MOST_KEPT = 1_000;

  /** A place in a string that is not free: its mask of plain tokens is the same wherever the string stands. */
  private record InString(Lexeme lexeme, int state, int room) {}

  private final TokenTable tokens;
  private final States states;
  private final Map<InString, long[]> plain = new HashMap<>();
  private final List<State> withMask = new ArrayList<>();
  private final @Nullable State[] stack;
  private final @Nullable Config[] inside;

  Masks(TokenTable tokens, States states) {
    this.tokens = tokens;
    this.states = states;
    this.stack = new State[tokens.longest() + 1];
    this.inside = new Config[tokens.longest() + 1];
  }

  long[] of(State state) {
    long[] known = state.mask;
    if (known != null) {
      return known;
    }
    long[] mask = new long[tokens.words()];
    List<Config> strings = new ArrayList<>();
    List<Config> others = new ArrayList<>();
    for (Config config : state.configs) {
      if (config.node().kind == Node.Kind.LEXEME && config.node().lexeme().keepsPlain(config.state())) {
        strings.add(config);
        addPlain(config, mask);
      } else {
        others.add(config);
      }
    }
    for (Config string : strings) {
      walkString(string, mask);
    }
    if (!others.isEmpty()) {
      walk(tokens.all(), strings.isEmpty() ? state : states.of(others), mask);
    }
    if (state.accepting) {
      tokens.addEnds(mask);
    }
    keep(state, mask);
    return mask;
  }

  private void keep(State state, long[] mask) {
    if (withMask.size() >= MOST_KEPT) {
      withMask.forEach(old -> old.mask = null);
      withMask.clear();
    }
    withMask.add(state);
    state.mask = mask;
  }

  private void walk(TokenTrie trie, State from, long[] mask) {
    stack[0] = from;
    int node = 0;
    while (node < trie.size()) {
      int depth = trie.depth(node);
      State before = stack[depth - 1];
      State next = before == null ? null : states.next(before, trie.value(node));
      if (next == null) {
        node = trie.behind(node);
        continue;
      }
      stack[depth] = next;
      int token = trie.token(node);
      if (token >= 0) {
        mask[token >> 6] |= 1L << token;
      }
      node++;
    }
  }

  /**
   * Walks the tokens that are not plain from inside a string. Up to the closing quote it does not matter where the string
   * stands, so no states are made for that.
   */
  private void walkString(Config string, long[] mask) {
    TokenTrie trie = tokens.others();
    Lexeme lexeme = string.node().lexeme();
    inside[0] = string;
    stack[0] = null;
    int node = 0;
    while (node < trie.size()) {
      int depth = trie.depth(node);
      Config before = inside[depth - 1];
      int value = trie.value(node);
      inside[depth] = null;
      stack[depth] = null;
      if (before == null) {
        stack[depth] = states.next(Objects.requireNonNull(stack[depth - 1]), value);
      } else if (value == '"' && lexeme.isBoundary(before.state())) {
        List<Config> behind = Automaton.step(List.of(before), value, 0);
        stack[depth] = behind.isEmpty() ? null : states.of(behind);
      } else {
        inside[depth] = Automaton.within(before, value);
      }
      if (inside[depth] == null && stack[depth] == null) {
        node = trie.behind(node);
        continue;
      }
      int token = trie.token(node);
      if (token >= 0) {
        mask[token >> 6] |= 1L << token;
      }
      node++;
    }
  }

  private void addPlain(Config config, long[] mask) {
    Lexeme lexeme = config.node().lexeme();
    if (!lexeme.isBoundary(config.state())) {
      return;
    }
    int room = lexeme.isBounded() ? lexeme.maxLength - config.count() : Integer.MAX_VALUE;
    long[] allowed = lexeme.isFree(config.state())
        ? tokens.plainUpTo(Math.max(0, room - lexeme.distance(config.state())))
        : plainIn(lexeme, config.state(), Math.min(room, TokenTable.MOST_PLAIN_CHARACTERS + lexeme.farthest()));
    for (int i = 0; i < mask.length; i++) {
      mask[i] |= allowed[i];
    }
  }

  /** @param room characters that fit; with so many as there are at the most here, no token can tell */
  private long[] plainIn(Lexeme lexeme, int state, int room) {
    InString place = new InString(lexeme, state, room);
    long[] known = plain.get(place);
    if (known != null) {
      return known;
    }
    if (plain.size() >= MOST_KEPT) {
      plain.clear();
    }
    int enough = TokenTable.MOST_PLAIN_CHARACTERS + lexeme.farthest();
    PlainWalk walk = new PlainWalk(tokens, lexeme);
    long[] mask = room == enough ? walk.from(state) : walk.fitting(state, plainIn(lexeme, state, enough), room);
    plain.put(place, mask);
    return mask;
  }
}
