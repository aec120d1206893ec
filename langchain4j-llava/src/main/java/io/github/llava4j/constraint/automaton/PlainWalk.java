package io.github.llava4j.constraint.automaton;

import io.github.llava4j.constraint.token.TokenTable;
import io.github.llava4j.constraint.token.TokenTrie;

/**
 * Which plain tokens may follow inside a string. Where the language takes any plain text from some place on, the tokens
 * below that place in the tree need not be looked at: most of the time that is nearly all of them.
 */
final class PlainWalk {

  private final TokenTable tokens;
  private final TokenTrie trie;
  private final Lexeme lexeme;

  PlainWalk(TokenTable tokens, Lexeme lexeme) {
    this.tokens = tokens;
    this.trie = tokens.plain();
    this.lexeme = lexeme;
  }

  /** The tokens that may follow where there is room for any of them. */
  long[] from(int state) {
    int[] at = new int[tokens.longest() + 1];
    at[0] = state;
    boolean mostlyOpen = isMostlyOpen(state);
    long[] mask = mostlyOpen ? tokens.plainUpTo(TokenTable.MOST_PLAIN_CHARACTERS).clone() : new long[tokens.words()];
    int node = 0;
    while (node < trie.size()) {
      int depth = trie.depth(node);
      int next = lexeme.next(at[depth - 1], trie.value(node));
      boolean open = next != Lexeme.DEAD && lexeme.isOpen(next);
      if (next != Lexeme.DEAD && !open) {
        at[depth] = next;
        int token = trie.token(node);
        if (token >= 0) {
          mask[token >> 6] |= 1L << token;
        }
        node++;
        continue;
      }
      if (open && !mostlyOpen) {
        trie.set(node, mask);
      } else if (!open && mostlyOpen) {
        trie.clear(node, mask);
      }
      node = trie.behind(node);
    }
    return mask;
  }

  /** Whether it is less work to take tokens away than to add them. */
  private boolean isMostlyOpen(int state) {
    int open = 0;
    for (int node = 0; node < trie.size(); node = trie.behind(node)) {
      int next = lexeme.next(state, trie.value(node));
      if (next != Lexeme.DEAD && lexeme.isOpen(next)) {
        open += trie.behind(node) - node;
      }
    }
    return open > trie.size() / 2;
  }

  /** Those of {@code roomy} behind which the word can still be ended within {@code room} characters. */
  long[] fitting(int state, long[] roomy, int room) {
    long[] mask = roomy.clone();
    long[] may = tokens.plainUpTo(room);
    long[] must = tokens.plainUpTo(Math.max(0, room - lexeme.farthest()));
    for (int i = 0; i < mask.length; i++) {
      mask[i] &= may[i];
      for (long bits = mask[i] & ~must[i]; bits != 0; bits &= bits - 1) {
        int token = i * Long.SIZE + Long.numberOfTrailingZeros(bits);
        if (!fits(state, tokens.bytes(token), room)) {
          mask[i] &= ~(1L << token);
        }
      }
    }
    return mask;
  }

  private boolean fits(int from, byte[] bytes, int room) {
    int state = from;
    int characters = 0;
    for (byte value : bytes) {
      characters += lexeme.isBoundary(state) ? 1 : 0;
      state = lexeme.next(state, value & 0xFF);
    }
    return characters + lexeme.distance(state) <= room;
  }
}
