package io.github.llava4j.kernels.tornado;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.github.llava4j.kernels.Backend;
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
   * @throws UnsupportedOperationException if TornadoVM cannot run in this JVM; the message says what is missing
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

  /** One line for each device: its selector, name, kind and memory. */
  public static List<String> devices() {
    List<String> lines = new ArrayList<>();
    Devices.all().forEach(device -> lines.add(device.line()));
    return lines;
  }

  /** Whether {@link #open} with an empty selector would choose a GPU. */
  public static boolean hasGpu() {
    return Devices.all().stream().anyMatch(Devices.Found::isGpu);
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
