package io.github.llava4j.constraint.automaton;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

  Masks(TokenTable tokens, States states) {
    this.tokens = tokens;
    this.states = states;
    this.stack = new State[tokens.longest() + 1];
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
    if (!strings.isEmpty()) {
      walk(tokens.others(), others.isEmpty() ? state : states.of(strings), mask);
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

  private void addPlain(Config config, long[] mask) {
    Lexeme lexeme = config.node().lexeme();
    if (!lexeme.isBoundary(config.state())) {
      return;
    }
    // With this much room no plain token can tell how much there is.
    int enough = TokenTable.MOST_PLAIN_CHARACTERS + lexeme.farthest();
    int room = lexeme.isBounded() ? Math.min(enough, lexeme.maxLength - config.count()) : enough;
    long[] allowed;
    if (lexeme.isFree(config.state())) {
      allowed = tokens.plainUpTo(Math.max(0, room - lexeme.distance(config.state())));
    } else {
      if (plain.size() >= MOST_KEPT) {
        plain.clear();
      }
      allowed = plain.computeIfAbsent(new InString(lexeme, config.state(), room), this::walkPlain);
    }
    for (int i = 0; i < mask.length; i++) {
      mask[i] |= allowed[i];
    }
  }

  private long[] walkPlain(InString place) {
    long[] mask = new long[tokens.words()];
    TokenTrie trie = tokens.plain();
    Lexeme lexeme = place.lexeme;
    int[] at = new int[tokens.longest() + 1];
    int[] count = new int[tokens.longest() + 1];
    at[0] = place.state;
    int node = 0;
    while (node < trie.size()) {
      int depth = trie.depth(node);
      int before = at[depth - 1];
      int next = lexeme.next(before, trie.value(node));
      int characters = count[depth - 1] + (lexeme.isBoundary(before) ? 1 : 0);
      if (next == Lexeme.DEAD || characters + lexeme.distance(next) > place.room) {
        node = trie.behind(node);
        continue;
      }
      at[depth] = next;
      count[depth] = characters;
      int token = trie.token(node);
      if (token >= 0) {
        mask[token >> 6] |= 1L << token;
      }
      node++;
    }
    return mask;
  }
}
