package io.github.llava4j.kernels.tornado;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import io.github.llava4j.kernels.BackendUnavailableException;
import uk.ac.manchester.tornado.api.TornadoRuntime;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/** What TornadoVM finds on this machine. */
final class Devices {

  /** By default a kernel that does not compile runs as sequential Java instead, which gives wrong numbers. */
  private static final String BAILOUT = "tornado.recover.bailout";

  /** One object for each device that was looked at, so that all its programs are added up. */
  private static final Map<String, Device> OPEN = new ConcurrentHashMap<>();

  private Devices() {}

  /**
   * A device and the numbers by which TornadoVM knows it.
   *
   * @param backend index of its driver
   * @param index within the driver
   */
  record Found(int backend, int index, String driver, TornadoDevice device) {

    String name() {
      return device.getPhysicalDevice().getDeviceName();
    }

    boolean isGpu() {
      return device.getDeviceType() == TornadoDeviceType.GPU;
    }

    String selector() {
      return backend + ":" + index;
    }

    String description() {
      return name() + ", " + device.getDeviceType() + ", " + driver + " (" + device.getPlatformName() + "), "
          + (device.getMaxGlobalMemory() >> 20) + " MiB, largest array " + (device.getMaxAllocMemory() >> 20) + " MiB";
    }

    String line() {
      return "tornado:" + selector() + "  " + description();
    }
  }

  /** The search is done once: after a failure TornadoVM's classes only say that they failed before. */
  private static final class Search {

    static final List<Found> FOUND = new ArrayList<>();
    static final Throwable FAILURE = Console.quietly(Search::search);

    private static Throwable search() {
      try {
        TornadoRuntime runtime = TornadoRuntimeProvider.getTornadoRuntime();
        for (int backend = 0; backend < runtime.getNumBackends(); backend++) {
          for (int index = 0; index < runtime.getBackend(backend).getNumDevices(); index++) {
            FOUND.add(new Found(
                backend, index, runtime.getBackend(backend).getName(), runtime.getBackend(backend).getDevice(index)));
          }
        }
        return null;
      } catch (LinkageError | RuntimeException e) {
        // TornadoVM reports a missing driver by errors of static initialisers; the cause has the sentence.
        return e;
      }
    }
  }

  /** All devices in TornadoVM's order; at least one. */
  static List<Found> all() {
    if (!"false".equalsIgnoreCase(System.getProperty(BAILOUT))) {
      throw new BackendUnavailableException(
          "the tornado backend needs the JVM flag -D" + BAILOUT + "=False, or TornadoVM would replace a kernel that"
              + " fails by something else");
    }
    // Read once when TornadoVM starts. Its default of 4 GB is no property of any device: we compare with the real size.
    System.getProperties().putIfAbsent("tornado.device.memory", "1TB");
    System.getProperties().putIfAbsent("tornado.tvm.maxbytecodesize", "65536");
    // TornadoVM clears its lists of this many events, some for each task, before every run of a graph; 32768 is its default.
    System.getProperties().putIfAbsent("tornado.max.events", "1024");
    if (Search.FAILURE != null) {
      throw new BackendUnavailableException(
          "TornadoVM finds no device: " + Causes.sentence(Search.FAILURE), Search.FAILURE);
    }
    if (Search.FOUND.isEmpty()) {
      throw new BackendUnavailableException("TornadoVM finds no device: is the driver of its vendor installed?");
    }
    return Search.FOUND;
  }

  /** See {@link TornadoBackend#open}. */
  static Device choose(String selector) {
    List<Found> all = all();
    String wanted = selector.toLowerCase(Locale.ROOT);
    Found chosen = all.stream()
        .filter(found -> wanted.isEmpty()
            ? found.isGpu()
            : wanted.equals(found.selector()) || found.name().toLowerCase(Locale.ROOT).contains(wanted))
        .findFirst()
        .orElse(null);
    if (chosen == null && !wanted.isEmpty()) {
      throw new IllegalArgumentException(
          "TornadoVM has no device \"" + selector + "\" but only\n"
              + all.stream().map(Found::line).collect(Collectors.joining("\n")));
    }
    return open(chosen != null ? chosen : all.getFirst());
  }

  static Device open(Found found) {
    return OPEN.computeIfAbsent(found.selector(), key -> new PlanDevice(found.device(), found.line()));
  }
}
