package io.github.llava4j.constraint.automaton;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.github.llava4j.ConstraintException;
import io.github.llava4j.constraint.automaton.Config.Trail;
import io.github.llava4j.constraint.automaton.Node.Kind;
import org.jspecify.annotations.Nullable;

/** The moves of a network: from all readings of a text to those of the text and one more byte. Holds no state of its own. */
final class Automaton {

  private static final int MOST_CONFIGS = 4_096;
  private static final int[] NO_THRESHOLDS = {};

  private Automaton() {}

  /** The readings of the empty text. */
  static List<Config> start(Network network) {
    Step step = new Step(0);
    step.found.add(new Config(network.entry(), 0, 0, null, null));
    step.enter(network.entry().then(), null, null);
    return List.copyOf(step.found);
  }

  /** The bytes that may follow, as 256 bits; some of them may turn out not to. */
  static long[] firstBytes(List<Config> configs) {
    long[] bytes = new long[4];
    for (Config config : configs) {
      switch (config.node().kind) {
        case BEGIN -> bytes[0] |= 1L << ' ';
        case LITERAL -> {
          int value = config.node().bytes[config.state()] & 0xFF;
          bytes[value >> 6] |= 1L << value;
        }
        case LEXEME -> {
          long[] more = config.node().lexeme().firstBytes(config.state());
          for (int i = 0; i < bytes.length; i++) {
            bytes[i] |= more[i];
          }
        }
        case REST -> Arrays.fill(bytes, -1);
        default -> { }
      }
    }
    return bytes;
  }

  /**
   * The readings with one more byte; none if it cannot follow.
   *
   * @param position bytes of the text so far, for the signals
   */
  static List<Config> step(List<Config> configs, int value, long position) {
    Step step = new Step(position + 1);
    // At the very beginning a space is the one that is not part of the text, whatever else could begin with one.
    boolean onlyFirst = value == ' ' && configs.getFirst().node().kind == Kind.BEGIN;
    for (Config config : onlyFirst ? configs.subList(0, 1) : configs) {
      step.move(config, value);
    }
    return step.found;
  }

  /** A reading inside a lexeme with one more byte of that lexeme; null if it cannot follow. */
  static @Nullable Config within(Config config, int value) {
    Lexeme lexeme = config.node().lexeme();
    int next = lexeme.next(config.state(), value);
    if (next == Lexeme.DEAD) {
      return null;
    }
    boolean closes = lexeme.quoted && lexeme.accepts(next);
    int count = config.count() + (lexeme.isBoundary(config.state()) && !closes ? 1 : 0);
    if (count + (long) lexeme.distance(next) > lexeme.maxLength || closes && count < lexeme.minLength) {
      return null;
    }
    return new Config(config.node(), next, count, config.frame(), config.trail());
  }

  static boolean isAccepting(List<Config> configs) {
    for (Config config : configs) {
      if (config.node().kind == Kind.RETURN) {
        return true;
      }
    }
    return false;
  }

  static boolean passes(Node test, int count, long marks) {
    return count >= test.min && count <= test.max && (marks & test.marked) == test.marked && (marks & test.unmarked) == 0;
  }

  /** The state of one {@link #step} call. */
  private static final class Step {

    private record Visit(Node node, @Nullable Frame frame) {}

    private record Open(Node node, @Nullable Frame frame, @Nullable Trail trail) {}

    final List<Config> found = new ArrayList<>(4);
    private final long position;
    private @Nullable Set<Visit> visited;

    Step(long position) {
      this.position = position;
    }

    void move(Config config, int value) {
      Node node = config.node();
      switch (node.kind) {
        case BEGIN -> {
          if (value == ' ') {
            enter(node.then(), null, null);
          }
        }
        case LITERAL -> {
          int done = config.state() + 1;
          if ((node.bytes[config.state()] & 0xFF) != value) {
            return;
          }
          if (done == node.bytes.length) {
            enter(node.then(), config.frame(), config.trail());
          } else {
            add(new Config(node, done, 0, config.frame(), config.trail()));
          }
        }
        case LEXEME -> lexeme(config, node.lexeme(), value);
        case REST -> add(config);
        default -> { }
      }
    }

    private void lexeme(Config config, Lexeme lexeme, int value) {
      Config next = within(config, value);
      if (next == null) {
        return;
      }
      if (lexeme.accepts(next.state()) && next.count() >= lexeme.minLength) {
        enter(config.node().then(), config.frame(), config.trail());
      }
      if (lexeme.goesOn(next.state()) && !isFull(next, lexeme)) {
        add(next);
      }
    }

    /** Whether a word could end here and its greatest length lets nothing follow. */
    private static boolean isFull(Config config, Lexeme lexeme) {
      if (!lexeme.isBounded() || !lexeme.accepts(config.state())
          || config.count() + 1L + lexeme.farthest() <= lexeme.maxLength) {
        return false;
      }
      long[] bytes = lexeme.firstBytes(config.state());
      for (int value = 0; value < 256; value++) {
        if ((bytes[value >> 6] >>> value & 1) != 0 && within(config, value) != null) {
          return false;
        }
      }
      return true;
    }

    private void add(Config config) {
      for (Config other : found) {
        if (other.sameAs(config)) {
          return;
        }
      }
      if (found.size() == MOST_CONFIGS) {
        throw new ConstraintException("the grammar can be read in more than " + MOST_CONFIGS + " ways at the same place");
      }
      found.add(config);
    }

    /** Adds all places where a byte is awaited and that can be reached from {@code first} without one. */
    void enter(Node first, @Nullable Frame firstFrame, @Nullable Trail firstTrail) {
      if (first.kind == Kind.LITERAL && first.cost < Costs.NEVER) {
        add(new Config(first, 0, 0, firstFrame, firstTrail));
        return;
      }
      ArrayDeque<Open> open = new ArrayDeque<>();
      open.push(new Open(first, firstFrame, firstTrail));
      if (visited == null) {
        visited = new HashSet<>();
      }
      while (!open.isEmpty()) {
        Open at = open.pop();
        if (at.node.cost < Costs.NEVER && visited.add(new Visit(at.node, at.frame))) {
          follow(at, open);
        }
      }
    }

    private void follow(Open at, ArrayDeque<Open> open) {
      Node node = at.node;
      Frame frame = at.frame;
      Trail trail = at.trail;
      switch (node.kind) {
        case LITERAL, REST -> add(new Config(node, 0, 0, frame, trail));
        case LEXEME -> {
          Lexeme lexeme = node.lexeme();
          if (lexeme.canBeEmpty()) {
            open.push(new Open(node.then(), frame, trail));
          }
          if (lexeme.goesOn(lexeme.start)) {
            add(new Config(node, lexeme.start, 0, frame, trail));
          }
        }
        case CHOICE -> {
          for (int i = node.alternatives.length - 1; i >= 0; i--) {
            open.push(new Open(node.alternatives[i], frame, trail));
          }
        }
        case JUMP -> open.push(new Open(node.rule().entry(), frame, trail));
        case CALL -> open.push(new Open(
            node.rule().entry(), new Frame(frame, node.then(), NO_THRESHOLDS, 0, 0), trail));
        case SCOPE -> open.push(new Open(node.body(), new Frame(frame, node.then(), node.thresholds, 0, 0), trail));
        case TICK -> open.push(new Open(node.then(), frame == null ? null : frame.with(frame.count + 1, frame.marks), trail));
        case MARK -> open.push(
            new Open(node.then(), frame == null ? null : frame.with(frame.count, frame.marks | node.marked), trail));
        case TEST -> {
          if (passes(node, frame == null ? 0 : frame.count, frame == null ? 0 : frame.marks)) {
            open.push(new Open(node.then(), frame, trail));
          }
        }
        case LOOP -> {
          int count = frame == null ? 0 : frame.count;
          if (count >= node.min) {
            open.push(new Open(node.then(), frame, trail));
          }
          if (count < node.max) {
            open.push(new Open(count == 0 ? node.body() : node.next(), frame, trail));
          }
        }
        case SIGNAL -> open.push(new Open(node.then(), frame, new Trail(trail, node.signal, position)));
        case RETURN -> {
          if (frame == null) {
            add(new Config(node, 0, 0, null, trail));
          } else {
            open.push(new Open(frame.back, frame.parent, trail));
          }
        }
        case BEGIN -> throw new IllegalStateException("nothing leads to the beginning");
      }
    }
  }
}
