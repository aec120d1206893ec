package io.github.llava4j.kernels.select;

import java.util.List;
import java.util.Locale;

import io.github.llava4j.kernels.Backend;
import io.github.llava4j.kernels.BackendUnavailableException;
import io.github.llava4j.kernels.Internal;
import io.github.llava4j.kernels.scalar.ScalarBackend;
import io.github.llava4j.kernels.tornado.TornadoBackend;
import io.github.llava4j.kernels.vector.VectorBackend;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.helpers.NOPLoggerFactory;

/** Chooses a backend and says why. */
public final class Backends {

  /** Forces a backend where nobody asks for one by name; same values as {@link #open(String, int)}. */
  public static final String PROPERTY = "llava4j.backend";

  /** Where the size of a model's weights is not known: taken for a large one. */
  public static final long UNKNOWN_SIZE = -1;

  private static final Logger LOG = LoggerFactory.getLogger(Backends.class);
  private static final String AUTO = "auto";
  private static final String TORNADO = "tornado";
  private static final String VECTOR = "vector";
  private static final String SCALAR = "scalar";

  private Backends() {}

  /** Opens a backend for a model of {@link #UNKNOWN_SIZE}. */
  @Internal
  public static Backend open(String name, int threads) {
    return open(name, threads, UNKNOWN_SIZE);
  }

  /**
   * Opens a backend.
   *
   * @param name {@code scalar}, {@code vector}, {@code tornado}, {@code tornado:<device>} with a device's numbers or a
   *     part of its name, or {@code auto} for the fastest that there is for this model
   * @param threads how many threads it may use; 0 for as many as there are cores
   * @param weightBytes size of the model's weights, which decides whether {@code auto} takes a GPU
   * @throws BackendUnavailableException if the named backend cannot run here; the message says what is missing. Never for
   *     {@code auto}
   * @throws IllegalArgumentException if there is no backend or device of that name
   */
  @Internal
  public static Backend open(String name, int threads, long weightBytes) {
    String wanted = name.toLowerCase(Locale.ROOT);
    if (wanted.equals(AUTO)) {
      wanted = System.getProperty(PROPERTY, AUTO).toLowerCase(Locale.ROOT);
    }
    int team = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    Backend backend = wanted.equals(AUTO) ? automatic(team, weightBytes) : named(wanted, team);
    LOG.info("Backend {}: {}", backend.id(), backend.describe());
    return backend;
  }

  private static Backend named(String wanted, int team) {
    int colon = wanted.indexOf(':');
    return switch (colon < 0 ? wanted : wanted.substring(0, colon)) {
      case SCALAR -> new ScalarBackend(team);
      case VECTOR -> vector(team);
      case TORNADO -> {
        if (!Machine.launchedWithTornado()) {
          throw new BackendUnavailableException("the tornado backend needs TornadoVM: " + Ladder.NEEDS_TORNADO);
        }
        yield TornadoBackend.open(colon < 0 ? "" : wanted.substring(colon + 1));
      }
      default -> throw new IllegalArgumentException(
          "there is no backend \"" + wanted + "\"; choose auto, vector, scalar or tornado");
    };
  }

  /** The vector backend for somebody who asked for it: also where it is slow, but not without a word. */
  private static Backend vector(int team) {
    Candidate vector = only(candidates(UNKNOWN_SIZE), VECTOR);
    if (!vector.usable()) {
      throw new BackendUnavailableException("the vector backend cannot run: " + vector.line());
    }
    vector.remedy().ifPresent(remedy -> tell("the vector backend was asked for, but " + vector.reason() + "; " + remedy));
    return new VectorBackend(team);
  }

  private static Backend automatic(int team, long weightBytes) {
    List<Candidate> ladder = candidates(weightBytes);
    for (Candidate candidate : ladder) {
      if (candidate.name().startsWith(TORNADO)) {
        LOG.atLevel(Machine.launchedWithTornado() ? Level.INFO : Level.DEBUG)
            .log("{}: {}", candidate.name(), candidate.reason());
      }
    }
    Candidate chosen = ladder.stream().filter(Candidate::usable).findFirst().orElseThrow();
    if (chosen.name().equals(SCALAR)) {
      Candidate vector = only(ladder, VECTOR);
      tell("answers take many times longer than they could, because the fast backend \"vector\" is not used: "
          + vector.reason() + "; " + vector.remedy().orElse(""));
      return new ScalarBackend(team);
    }
    return chosen.name().equals(VECTOR)
        ? new VectorBackend(team) : TornadoBackend.open(chosen.name().substring(TORNADO.length() + 1));
  }

  private static Candidate only(List<Candidate> ladder, String name) {
    return ladder.stream().filter(candidate -> candidate.name().equals(name)).findFirst().orElseThrow();
  }

  /** One line that a user must see, also in a program without a logging provider. */
  private static void tell(String line) {
    if (LoggerFactory.getILoggerFactory() instanceof NOPLoggerFactory) {
      System.err.println("llava4j: " + line);
    } else {
      LOG.warn(line);
    }
  }

  /** All backends and devices for a model of {@link #UNKNOWN_SIZE}. */
  public static List<Candidate> candidates() {
    return candidates(UNKNOWN_SIZE);
  }

  /**
   * All backends and devices, the best for such a model first, each with a sentence that says why: what {@code auto}
   * decides by.
   */
  public static List<Candidate> candidates(long weightBytes) {
    return Ladder.of(Machine.here(), weightBytes);
  }

  /** One line for each device that the tornado backend could use, or the reason why there is none. */
  public static List<String> devices() {
    Machine machine = Machine.here();
    if (!machine.tornado()) {
      return List.of("no devices: this JVM was not started with TornadoVM's argfile (see docs/gpu.md)");
    }
    return machine.noAccelerators()
        .map(reason -> List.of("no devices: " + reason))
        .orElseGet(() -> machine.accelerators().stream()
            .map(device -> "tornado:" + device.selector() + "  " + device.description()).toList());
  }
}
