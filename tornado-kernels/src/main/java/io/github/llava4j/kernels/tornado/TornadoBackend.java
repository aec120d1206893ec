package io.github.llava4j.kernels.tornado;

import java.util.List;
import java.util.Locale;

import io.github.llava4j.kernels.Backend;
import io.github.llava4j.kernels.BackendUnavailableException;
import io.github.llava4j.kernels.Compiled;
import io.github.llava4j.kernels.Limits;
import io.github.llava4j.kernels.Program;

/**
 * Runs programs on a device through TornadoVM, which compiles the Java of {@code kernels.tornado.kernel} for it. Each
 * compiled program has its own copy of its parameters on the device.
 */
public final class TornadoBackend implements Backend {

  /** Property: what weight types without a kernel are rewritten as: q8_0, q4_0, f16 or f32; unset to refuse them. */
  public static final String REQUANTIZE = "llava4j.tornado.requantize";

  private final Device device;
  private final Format requantized;

  TornadoBackend(Device device, Format requantized) {
    this.device = device;
    this.requantized = requantized;
  }

  /**
   * Opens a device.
   *
   * @param selector {@code backend:device} as TornadoVM numbers them, a part of the device's name, or empty for the
   *     first GPU and else the first device
   * @throws BackendUnavailableException if TornadoVM cannot run in this JVM; the message says what is missing
   * @throws IllegalArgumentException if there is no such device; the message lists those that there are
   */
  public static TornadoBackend open(String selector) {
    return new TornadoBackend(Devices.choose(selector), requantized());
  }

  private static Format requantized() {
    String name = System.getProperty(REQUANTIZE);
    if (name == null) {
      return null;
    }
    try {
      return Format.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(REQUANTIZE + " is one of q8_0, q4_0, f16 and f32, not " + name, e);
    }
  }

  /**
   * A device that could be opened.
   *
   * @param selector by which {@link #open} takes it
   * @param description name, kind and memory
   * @param freeBytes its memory less what programs of this JVM hold
   */
  public record DeviceInfo(String selector, String description, boolean gpu, long freeBytes) {}

  /**
   * All devices in TornadoVM's order.
   *
   * @throws BackendUnavailableException if there is none or TornadoVM cannot run in this JVM; the message says why
   */
  public static List<DeviceInfo> devices() {
    return Devices.all().stream()
        .map(found -> new DeviceInfo(
            found.selector(), found.description(), found.isGpu(), Devices.open(found).memory().free()))
        .toList();
  }

  @Override
  public String id() {
    return "tornado";
  }

  @Override
  public String describe() {
    return "TornadoVM on " + device.describe();
  }

  @Override
  public Compiled compile(Program program, Limits limits) {
    return new TornadoProgram(program, limits, device, requantized);
  }

  @Override
  public void close() {
    // What is on the device belongs to the compiled programs.
  }
}
