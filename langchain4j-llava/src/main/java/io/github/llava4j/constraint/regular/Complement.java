package io.github.llava4j.constraint.regular;

/**
 * The automaton of all other texts: acceptance turned round, and what led nowhere leads to a state that accepts all that
 * follows. It is minimal again.
 */
final class Complement implements Assembler.Source {

  private final Language language;
  private final int sink;

  /**
   * @param language neither none nor any
   */
  Complement(Language language) {
    this.language = language;
    sink = language.states();
  }

  @Override
  public int states() {
    return sink + 1;
  }

  @Override
  public int start() {
    return 0;
  }

  @Override
  public boolean accepting(int state) {
    return state == sink || !language.accepting(state);
  }

  @Override
  public int row(int state, Rows out) {
    int next = 0;
    if (state != sink) {
      for (int i = 0; i < language.rangeCount(state); i++) {
        gap(next, language.rangeFrom(state, i) - 1, out);
        int target = language.target(state, i);
        if (!acceptsAll(target)) {
          out.add(language.rangeFrom(state, i), language.rangeTo(state, i), target);
        }
        next = language.rangeTo(state, i) + 1;
      }
    }
    gap(next, Characters.LAST, out);
    return out.finish();
  }

  private void gap(int from, int to, Rows out) {
    if (from <= Math.min(to, Characters.LAST_BELOW_SURROGATES)) {
      out.add(from, Math.min(to, Characters.LAST_BELOW_SURROGATES), sink);
    }
    if (to >= Math.max(from, Characters.FIRST_ABOVE_SURROGATES)) {
      out.add(Math.max(from, Characters.FIRST_ABOVE_SURROGATES), to, sink);
    }
  }

  private boolean acceptsAll(int state) {
    return language.accepting(state) && language.rows()[language.row(state)].equals(Language.ALL)
        && language.slotTarget(state, 0) == state;
  }
}
