package io.github.llava4j.constraint.automaton;

import org.jspecify.annotations.Nullable;

/**
 * One way in which the text so far can be read.
 *
 * @param node a literal, a lexeme, the beginning, the rest, or, at the end of the answer, a return
 * @param state bytes of the literal so far, or the lexeme's state
 * @param count characters of the lexeme so far
 * @param trail signals that this way came by
 */
record Config(Node node, int state, int count, @Nullable Frame frame, @Nullable Trail trail) {

  /** Signals, the last one first, with the number of bytes in front of each. */
  record Trail(@Nullable Trail before, int signal, long position) {}

  /** Whether it reads the text alike; what came by on the way does not count. */
  boolean sameAs(Config that) {
    return node == that.node && state == that.state && count == that.count && Frame.same(frame, that.frame);
  }
}
