package io.github.llava4j.constraint.regular;

/** A deterministic automaton that is given by a rule: a state is a number that holds all that must be known of the text so far. */
interface Machine {

  /** No text goes on from here. */
  long DEAD = -1;

  long start();

  boolean accepts(long state);

  /** The next state, not negative, or {@link #DEAD}. */
  long next(long state, int symbol);

  /** Its language: all states that can be reached, then the minimal automaton. */
  default Language language(Alphabet alphabet, Deadline deadline) {
    Table table = new Table(Language.MAX_STATES);
    LongMap numbers = new LongMap();
    LongList states = new LongList();
    numbers.number(start());
    states.add(start());
    for (int number = 0; number < states.size(); number++) {
      long state = states.get(number);
      table.state(accepts(state));
      for (int symbol = 0; symbol < alphabet.size(); symbol++) {
        long next = next(state, symbol);
        if (next != DEAD) {
          int target = numbers.number(next);
          if (target == states.size()) {
            states.add(next);
          }
          table.edge(symbol, target);
        }
      }
      deadline.work(8 * alphabet.size());
    }
    return Minimiser.minimise(table, alphabet, deadline);
  }
}
