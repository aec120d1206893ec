package io.github.llava4j.kernels;

import java.util.List;
import java.util.Locale;

import io.github.llava4j.kernels.scalar.ScalarBackend;
import io.github.llava4j.kernels.tornado.TornadoBackend;
import io.github.llava4j.kernels.vector.VectorBackend;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses a backend and says why. */
public final class Backends {

  /** Forces a backend where nobody asks for one by name; same values as {@link #open}. */
  public static final String PROPERTY = "llava4j.backend";

  private static final Logger LOG = LoggerFactory.getLogger(Backends.class);
  private static final String VECTOR_MODULE = "jdk.incubator.vector";
  private static final String TORNADO = "tornado";
  /** Set by TornadoVM's argfile. Without it no class of kernels.tornado is touched, for its API is not there. */
  private static final String TORNADO_MARK = "tornado.load.runtime.implementation";

  private Backends() {}

  /**
   * Opens a backend.
   *
   * @param name {@code scalar}, {@code vector}, {@code tornado}, {@code tornado:<device>} with a device's numbers or a
   *     part of its name, or {@code auto} for the fastest that this JVM has
   * @param threads how many threads it may use; 0 for as many as there are cores
   * @throws UnsupportedOperationException if the named backend cannot run in this JVM; the message says what is missing
   * @throws IllegalArgumentException if there is no backend of that name
   */
  public static Backend open(String name, int threads) {
    String wanted = name.toLowerCase(Locale.ROOT);
    if (wanted.equals("auto")) {
      wanted = System.getProperty(PROPERTY, "auto").toLowerCase(Locale.ROOT);
    }
    int team = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    Backend backend = switch (wanted.contains(":") ? wanted.substring(0, wanted.indexOf(':')) : wanted) {
      case "scalar" -> new ScalarBackend(team);
      case "vector" -> {
        if (!hasVectorModule()) {
          throw new UnsupportedOperationException(
              "the vector backend needs the JVM flag --add-modules " + VECTOR_MODULE);
        }
        yield new VectorBackend(team);
      }
      case TORNADO -> {
        if (!launchedWithTornado()) {
          throw new UnsupportedOperationException(
              "the tornado backend needs TornadoVM: start with java @$TORNADOVM_HOME/tornado-argfile"
                  + " -Dtornado.recover.bailout=False ... (see docs/gpu.md)");
        }
        yield TornadoBackend.open(wanted.contains(":") ? wanted.substring(wanted.indexOf(':') + 1) : "");
      }
      case "auto" -> automatic(team);
      default -> throw new IllegalArgumentException(
          "there is no backend \"" + name + "\"; choose auto, vector, scalar or tornado");
    };
    LOG.info("Backend {}: {}", backend.id(), backend.describe());
    return backend;
  }

  /** A GPU if TornadoVM finds one; on a CPU the vector backend is many times faster than TornadoVM. */
  private static Backend automatic(int team) {
    if (launchedWithTornado()) {
      if (TornadoBackend.hasGpu()) {
        return TornadoBackend.open("");
      }
      LOG.warn("TornadoVM is here but finds no GPU: {}", TornadoBackend.devices());
    }
    if (hasVectorModule()) {
      return new VectorBackend(team);
    }
    LOG.warn("The many times faster vector backend needs the JVM flag --add-modules {}", VECTOR_MODULE);
    return new ScalarBackend(team);
  }

  /** One line for each device that the tornado backend could use, or the reason why there is none. */
  public static List<String> devices() {
    if (!launchedWithTornado()) {
      return List.of("no devices: this JVM was not started with TornadoVM's argfile (see docs/gpu.md)");
    }
    try {
      return TornadoBackend.devices();
    } catch (UnsupportedOperationException e) {
      return List.of("no devices: " + e.getMessage());
    }
  }

  private static boolean launchedWithTornado() {
    return System.getProperty(TORNADO_MARK) != null;
  }

  private static boolean hasVectorModule() {
    return ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent();
  }
}
