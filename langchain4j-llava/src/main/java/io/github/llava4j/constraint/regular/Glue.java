package io.github.llava4j.constraint.regular;

import java.util.ArrayList;
import java.util.List;

import io.github.llava4j.ConstraintException;

/** Concatenation and repetition. */
final class Glue {

  /** From so many copies on it is worth asking whether one copy stands for all of them. */
  private static final int MANY = 16;

  private Glue() {}

  static Language concat(List<Language> all, Deadline deadline) {
    List<Language> parts = new ArrayList<>();
    int states = 0;
    for (Language part : all) {
      if (part.isNone()) {
        return part;
      }
      if (!part.isEmptyText()) {
        parts.add(part);
        states += part.states();
      }
    }
    if (parts.isEmpty()) {
      return Language.empty();
    }
    if (parts.size() == 1) {
      return parts.getFirst();
    }
    Alphabet alphabet = Alphabet.of(parts, deadline);
    Nfa nfa = new Nfa();
    List<Integer> exits = List.of();
    for (Language part : parts) {
      View view = new View(part, alphabet);
      int first = nfa.copy(view, Nfa.targets(view));
      for (int exit : exits) {
        nfa.step(exit, first);
      }
      exits = accepting(part, first);
    }
    exits.forEach(nfa::accept);
    if (parts.getLast().isAny()) {
      nfa.universal(nfa.states() - 1);
    }
    return Determiniser.determinise(nfa, alphabet, Language.MAX_STATES + states, deadline);
  }

  private static List<Integer> accepting(Language part, int shift) {
    List<Integer> states = new ArrayList<>();
    for (int state = 0; state < part.states(); state++) {
      if (part.accepting(state)) {
        states.add(shift + state);
      }
    }
    return states;
  }

  /** {@code max} of {@link Integer#MAX_VALUE} means any number. */
  static Language repeat(Language item, int min, int max, Deadline deadline) {
    if (max == 0 || item.isEmptyText() || item.isNone()) {
      return min == 0 || item.isEmptyText() ? Language.empty() : Language.none();
    }
    if (min == 1 && max == 1 || item.isAny()) {
      return item;
    }
    if (item.accepting(0)) {
      Language visible = Product.of(Product.Kind.FIRST_ONLY, item, Language.empty(), deadline);
      return repeat(visible, 0, max, deadline);
    }
    int copies = max == Integer.MAX_VALUE ? Math.max(min, 1) : max;
    if (copies >= MANY && (copies > min || max != Integer.MAX_VALUE) && isClosed(item, deadline)) {
      // Two items are one item, then; all that is left to say is how many there are at least.
      Language least = unroll(item, Math.max(min, 1), Math.max(min, 1), deadline);
      return min == 0 ? Product.of(Product.Kind.EITHER, least, Language.empty(), deadline) : least;
    }
    return unroll(item, min, max, deadline);
  }

  private static boolean isClosed(Language item, Deadline deadline) {
    return unroll(item, 1, Integer.MAX_VALUE, deadline).equals(item);
  }

  /**
   * Copies of the item one behind the other. Of two copies of one state in which the text may be, one allows more than the
   * other where the minimum is passed (the earlier copy: more may follow) and where there is no maximum (the later one: less
   * must follow).
   */
  private static Language unroll(Language item, int min, int max, Deadline deadline) {
    Alphabet alphabet = Alphabet.of(List.of(item), deadline);
    View view = new View(item, alphabet);
    int[][] targets = Nfa.targets(view);
    boolean endless = max == Integer.MAX_VALUE;
    int copies = endless ? Math.max(min, 1) : max;
    if ((long) copies * item.states() > Nfa.MAX_STATES) {
      throw new ConstraintException("the constraint is too complex: " + copies + " times an automaton of " + item.states()
          + " states are more than " + Nfa.MAX_STATES + "; make its counts smaller");
    }
    Nfa nfa = new Nfa();
    nfa.emptyState(min == 0);
    int[] exits = accepting(item, 0).stream().mapToInt(Integer::intValue).toArray();
    int before = -1;
    for (int copy = 0; copy < copies; copy++) {
      int first = nfa.copy(view, targets);
      for (int state = 0; state < item.states(); state++) {
        if (endless) {
          nfa.rank(first + state, state, copies - copy);
        } else if (copy >= min) {
          nfa.rank(first + state, state, copy);
        }
      }
      if (copy == 0) {
        nfa.step(0, first);
      }
      for (int exit : exits) {
        if (copy > 0) {
          nfa.step(before + exit, first);
        }
        if (copy + 1 >= min) {
          nfa.accept(first + exit);
        }
      }
      before = first;
      deadline.work(8 * item.states());
    }
    if (endless) {
      for (int exit : exits) {
        nfa.step(before + exit, before);
      }
    }
    return Determiniser.determinise(nfa, alphabet, Language.MAX_STATES, deadline);
  }
}
