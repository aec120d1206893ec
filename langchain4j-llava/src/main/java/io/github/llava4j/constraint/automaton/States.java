package io.github.llava4j.constraint.automaton;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The states that answers of one grammar have been in: sets of readings, each kept once, with where bytes lead from them as
 * far as that was asked. Not thread-safe.
 *
 * <p>Counters are brought to a common value wherever no token is long enough to make a difference: a string that may have
 * 100,000 characters has as few states as one without a limit.
 */
final class States {

  private static final int UNKNOWN = -2;
  private static final int DEAD = -1;
  /** Then all are forgotten; an answer under way does not notice. */
  private static final int MOST_STATES = 12_000;

  /** A set of readings, in an order that does not depend on how they were found. */
  static final class State {

    final int id;
    final List<Config> configs;
    final boolean accepting;
    private final int[] next;
    private final long[] firstBytes;
    long @Nullable [] mask;

    private State(int id, List<Config> configs, int classes) {
      this.id = id;
      this.configs = configs;
      this.accepting = Automaton.isAccepting(configs);
      this.next = new int[classes];
      Arrays.fill(next, UNKNOWN);
      this.firstBytes = Automaton.firstBytes(configs);
    }
  }

  private record Key(List<Config> configs) {

    @Override
    public boolean equals(@Nullable Object other) {
      if (!(other instanceof Key that) || configs.size() != that.configs.size()) {
        return false;
      }
      for (int i = 0; i < configs.size(); i++) {
        if (!configs.get(i).sameAs(that.configs.get(i))) {
          return false;
        }
      }
      return true;
    }

    @Override
    public int hashCode() {
      int hash = 1;
      for (Config config : configs) {
        hash = 31 * (31 * (31 * (31 * hash + config.node().id) + config.state()) + config.count())
            + (config.frame() == null ? 0 : config.frame().hashCode());
      }
      return hash;
    }
  }

  private final Network network;
  /** Bytes of the longest token. */
  private final int reach;
  private final Map<Frame, Frame> frames = new HashMap<>();
  private final Map<Key, State> known = new HashMap<>();
  private final List<State> states = new ArrayList<>();

  States(Network network, int reach) {
    this.network = network;
    this.reach = reach;
  }

  /** How many states there are. */
  int size() {
    return states.size();
  }

  /** The state of those readings. */
  State of(List<Config> configs) {
    List<Config> canonical = new ArrayList<>(configs.size());
    for (Config config : configs) {
      Config same = canonical(config);
      if (!contains(canonical, same)) {
        canonical.add(same);
      }
    }
    if (canonical.size() > 1) {
      canonical.sort(Comparator.comparingInt((Config config) -> config.node().id)
          .thenComparingInt(Config::state).thenComparingInt(Config::count)
          .thenComparingInt(config -> config.frame() == null ? 0 : config.frame().hashCode()));
    }
    Key key = new Key(canonical);
    State state = known.get(key);
    if (state == null) {
      if (states.size() >= MOST_STATES) {
        forget();
      }
      state = new State(states.size(), canonical, network.classes());
      states.add(state);
      known.put(key, state);
    }
    return state;
  }

  private static boolean contains(List<Config> configs, Config config) {
    for (Config other : configs) {
      if (other.sameAs(config)) {
        return true;
      }
    }
    return false;
  }

  private void forget() {
    known.clear();
    states.clear();
    frames.clear();
  }

  /** The state behind {@code state} and a byte, or null. */
  @Nullable State next(State state, int value) {
    if ((state.firstBytes[value >> 6] >>> value & 1) == 0) {
      return null;
    }
    // After a forgetting the numbers of old states mean others.
    boolean current = state.id < states.size() && states.get(state.id) == state;
    int byteClass = network.classOf()[value];
    int next = current ? state.next[byteClass] : UNKNOWN;
    if (next >= 0) {
      return states.get(next);
    }
    if (next == DEAD) {
      return null;
    }
    List<Config> configs = Automaton.step(state.configs, value, 0);
    State found = configs.isEmpty() ? null : of(configs);
    if (state.id < states.size() && states.get(state.id) == state) {
      state.next[byteClass] = found == null ? DEAD : found.id;
    }
    return found;
  }

  private Config canonical(Config config) {
    int count = config.node().kind == Node.Kind.LEXEME
        ? common(config.count(), config.node().lexeme().thresholds, config.node().lexeme().isBounded()) : 0;
    Frame frame = canonical(config.frame());
    return count == config.count() && frame == config.frame() && config.trail() == null
        ? config : new Config(config.node(), config.state(), count, frame, null);
  }

  private @Nullable Frame canonical(@Nullable Frame frame) {
    Frame open = frame;
    List<Frame> unknown = new ArrayList<>();
    while (open != null && !isCurrent(open)) {
      unknown.add(open);
      open = open.parent;
    }
    Frame below = open == null ? null : open.canonical;
    for (Frame next : unknown.reversed()) {
      Frame made = new Frame(below, next.back, next.thresholds, common(next.count, next.thresholds, false), next.marks);
      below = frames.computeIfAbsent(made, key -> key);
      below.canonical = below;
      next.canonical = below;
    }
    return below;
  }

  private boolean isCurrent(Frame frame) {
    return frame.canonical != null && frames.get(frame.canonical) == frame.canonical;
  }

  /** The value that stands for {@code count}: equal to it where a token could reach a threshold, else that of its region. */
  private int common(int count, int[] thresholds, boolean exactBeyond) {
    int region = 0;
    for (int threshold : thresholds) {
      if (threshold > count) {
        return threshold - count > reach ? region : count;
      }
      region = threshold;
    }
    return exactBeyond ? count : region;
  }
}
