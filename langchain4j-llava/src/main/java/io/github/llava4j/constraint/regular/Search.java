package io.github.llava4j.constraint.regular;

import java.util.Arrays;
import java.util.List;

/**
 * From a pattern whose places ({@code ^ $ \b \B}) are marks to the texts in which it has a match.
 *
 * <p>A mark is an empty step that is open only at its places. What a place is depends on the character before and on the one
 * behind, so each state comes once for every pair of (before, next): before is the text's beginning or a kind of character,
 * next a kind or the text's end, guessed when the place is reached and kept when the next character comes. Without {@code
 * \b} there is one kind of character, else word characters and others.
 */
final class Search {

  private static final int OTHER = 0;
  private static final int WORD = 1;

  private final View body;
  private final Alphabet alphabet;
  private final int kinds;
  /** As "before" the beginning, as "next" the end. */
  private final int outside;
  private final int size;
  private final Nfa nfa = new Nfa();

  private Search(Language body, boolean boundaries, Deadline deadline) {
    List<Language> alphabets =
        boundaries ? List.of(body, Language.any(), CharacterClasses.WORD.language()) : List.of(body, Language.any());
    alphabet = Alphabet.of(alphabets, deadline);
    this.body = new View(body, alphabet);
    kinds = boundaries ? 2 : 1;
    outside = kinds;
    // The search for a beginning, the states of the body, the state behind a match.
    size = body.states() + 2;
  }

  static Language of(PatternParser.Parsed parsed, Deadline deadline) {
    Language body = parsed.language();
    if (body.isNone()) {
      return body;
    }
    if (!parsed.hasMarks()) {
      return Glue.concat(List.of(Language.any(), body, Language.any()), deadline);
    }
    return new Search(body, parsed.hasBoundaries(), deadline).run(deadline);
  }

  private Language run(Deadline deadline) {
    // First the states at a place whose next kind is still to be guessed; the start is the first of them.
    for (int state = 0; state < (kinds + 1) * size; state++) {
      nfa.emptyState(false);
    }
    int all = (kinds + 1) * (kinds + 2) * size;
    int[] symbols = symbols(-1);
    int[] toItself = new int[symbols.length];
    Arrays.fill(toItself, all);
    for (int before : places()) {
      for (int next = 0; next <= kinds; next++) {
        block(before, next, all);
        deadline.work(16 * size);
      }
    }
    nfa.universal(nfa.state(symbols, toItself, 0, true));
    return Determiniser.determinise(nfa, alphabet, Language.MAX_STATES, deadline);
  }

  /** What may be before, in the order of the blocks: the beginning first. */
  private int[] places() {
    return kinds == 1 ? new int[] {outside, OTHER} : new int[] {outside, OTHER, WORD};
  }

  private int hub(int before) {
    return (before == outside ? 0 : before + 1) * size;
  }

  private void block(int before, int next, int all) {
    int first = nfa.states();
    int[] ofKind = next == outside ? Language.NO_INTS : symbols(next);
    int behind = first + size - 1;
    int[] again = new int[ofKind.length];
    Arrays.fill(again, hub(next));
    nfa.state(ofKind, again, 0, false);
    nfa.step(first, first + 1);
    for (int state = 0; state < body.states(); state++) {
      bodyState(state, next);
      nfa.step(hub(before) + 1 + state, first + 1 + state);
      if (body.accepting(state)) {
        nfa.step(first + 1 + state, behind);
      }
    }
    for (int state = 0; state < body.states(); state++) {
      marks(state, before, next, first + 1);
    }
    int[] on = new int[ofKind.length];
    Arrays.fill(on, all);
    nfa.state(ofKind, on, 0, next == outside);
    nfa.step(hub(before), first);
  }

  private void bodyState(int state, int next) {
    IntList symbols = new IntList();
    IntList targets = new IntList();
    int[] all = body.symbols(state);
    for (int edge = 0; edge < all.length; edge++) {
      if (next != outside && kind(all[edge]) == next) {
        symbols.add(all[edge]);
        targets.add(hub(next) + 1 + body.target(state, edge));
      }
    }
    nfa.state(symbols.toArray(), targets.toArray(), 0, false);
  }

  private void marks(int state, int before, int next, int first) {
    int[] symbols = body.symbols(state);
    for (int edge = 0; edge < symbols.length; edge++) {
      boolean open = isOpen(alphabet.ranges(symbols[edge]), before, next);
      if (open) {
        nfa.step(first + state, first + body.target(state, edge));
      }
    }
  }

  /** Whether the place is one of those that the marks among the characters stand for. */
  private boolean isOpen(int[] characters, int before, int next) {
    boolean open = false;
    for (int i = 0; i < characters.length; i += 2) {
      open |= switch (characters[i]) {
        case Characters.BEGIN -> before == outside;
        case Characters.END -> next == outside;
        case Characters.BOUNDARY -> isWord(before) != isWord(next);
        case Characters.NO_BOUNDARY -> isWord(before) == isWord(next);
        default -> false;
      };
    }
    return open;
  }

  private boolean isWord(int kind) {
    return kinds == 2 && kind == WORD;
  }

  /** The symbols of a kind of characters; of all for -1. */
  private int[] symbols(int kind) {
    IntList symbols = new IntList();
    for (int symbol = 0; symbol < alphabet.size(); symbol++) {
      int its = kind(symbol);
      if (its >= 0 && (kind < 0 || its == kind)) {
        symbols.add(symbol);
      }
    }
    return symbols.toArray();
  }

  /** -1 for a mark. */
  private int kind(int symbol) {
    int character = alphabet.ranges(symbol)[0];
    if (character > Characters.LAST) {
      return -1;
    }
    return kinds == 2 && CharacterClasses.WORD.contains(character) ? WORD : OTHER;
  }
}
