package io.github.llava4j.kernels;

import java.util.Locale;

import io.github.llava4j.kernels.scalar.ScalarBackend;
import io.github.llava4j.kernels.vector.VectorBackend;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses a backend and says why. */
public final class Backends {

  /** Forces a backend where nobody asks for one by name; same values as {@link #open}. */
  public static final String PROPERTY = "llava4j.backend";

  private static final Logger LOG = LoggerFactory.getLogger(Backends.class);
  private static final String VECTOR_MODULE = "jdk.incubator.vector";

  private Backends() {}

  /**
   * Opens a backend.
   *
   * @param name {@code scalar}, {@code vector}, or {@code auto} for the fastest that this JVM has
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
    Backend backend = switch (wanted) {
      case "scalar" -> new ScalarBackend(team);
      case "vector" -> {
        if (!hasVectorModule()) {
          throw new UnsupportedOperationException(
              "the vector backend needs the JVM flag --add-modules " + VECTOR_MODULE);
        }
        yield new VectorBackend(team);
      }
      case "auto" -> hasVectorModule() ? new VectorBackend(team) : new ScalarBackend(team);
      default -> throw new IllegalArgumentException(
          "there is no backend \"" + name + "\"; choose auto, vector or scalar");
    };
    if (wanted.equals("auto") && backend instanceof ScalarBackend) {
      LOG.warn(
          "Backend scalar: {}. The many times faster vector backend needs the JVM flag --add-modules {}",
          backend.describe(), VECTOR_MODULE);
    } else {
      LOG.info("Backend {}: {}", backend.id(), backend.describe());
    }
    return backend;
  }

  private static boolean hasVectorModule() {
    return ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent();
  }
}
