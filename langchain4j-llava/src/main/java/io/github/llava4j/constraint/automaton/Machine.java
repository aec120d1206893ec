package io.github.llava4j.constraint.automaton;

import java.util.List;

import io.github.llava4j.constraint.grammar.Grammar;
import io.github.llava4j.constraint.token.TokenTable;
import io.github.llava4j.kernels.Internal;

/**
 * A grammar made ready for one vocabulary, with all that was found out about its states. Thread-safe: one caller at a time
 * is let in.
 */
@Internal
public final class Machine {

  /** Deeper answers are only closed: frames of calls and scopes, of which a level of JSON takes two or so. */
  private static final int MOST_DEPTH = 160;

  private final Network network;
  private final TokenTable tokens;
  private final Costs costs;
  private final States states;
  private final Masks masks;
  /** 1 where a text can begin with a space: the first one is not part of it, so it takes one more. */
  private final int leadingSpace;

  /** @throws io.github.llava4j.ConstraintException if nothing matches the grammar, or it exceeds a limit */
  public Machine(Grammar grammar, TokenTable tokens) {
    this.network = NetworkBuilder.build(grammar);
    this.tokens = tokens;
    this.costs = new Costs(network, tokens);
    this.states = new States(network, tokens.longest());
    this.masks = new Masks(tokens, states);
    List<Config> behindSpace = Automaton.step(readings(), ' ', 0);
    this.leadingSpace = Automaton.step(behindSpace, ' ', 1).isEmpty() ? 0 : 1;
  }

  /** At the beginning of an answer. */
  public Matcher start() {
    return new Matcher(this);
  }

  /** The readings of the empty text. */
  List<Config> readings() {
    return Automaton.start(network);
  }

  /** The readings with the bytes of a token; none if it cannot follow. */
  synchronized List<Config> read(List<Config> configs, int token, long position) {
    byte[] bytes = tokens.bytes(token);
    if (bytes == null) {
      return List.of();
    }
    List<Config> next = configs;
    for (int i = 0; i < bytes.length && !next.isEmpty(); i++) {
      next = Automaton.step(next, bytes[i] & 0xFF, position + i);
    }
    return next;
  }

  /** Tokens that may follow. */
  synchronized long[] mask(List<Config> configs) {
    return masks.of(states.of(configs));
  }

  /** Tokens with which an answer that can be read so can be completed. */
  synchronized int least(List<Config> configs) {
    if (configs.getFirst().node().kind == Node.Kind.BEGIN) {
      return Automaton.isAccepting(configs) ? 0 : network.entry().cost + leadingSpace;
    }
    int least = Costs.NEVER;
    for (Config config : configs) {
      int own = switch (config.node().kind) {
        case LITERAL -> config.node().rest[config.state()];
        case LEXEME -> config.node().lexeme().leastBytes(config.state(), config.count());
        default -> 0;
      };
      int after = switch (config.node().kind) {
        case RETURN, REST, BEGIN -> 0;
        default -> costs.from(config.node().then(), config.frame());
      };
      least = Math.min(least, own + after);
    }
    return least;
  }

  /** Whether an answer is so deep that it may only be closed. */
  static boolean isTooDeep(List<Config> configs) {
    for (Config config : configs) {
      if (config.frame() == null || config.frame().depth < MOST_DEPTH) {
        return false;
      }
    }
    return true;
  }

  TokenTable tokens() {
    return tokens;
  }

  /** How many states were met, for reports. */
  public synchronized int states() {
    return states.size();
  }
}
