package io.github.llava4j.kernels.tornado;

import java.lang.management.ManagementFactory;

import io.github.llava4j.kernels.DeviceMemoryException;

/** Compares what a program needs with what there is, before anything is allocated. */
final class MemoryCheck {

  private static final String LIMIT = "-XX:MaxDirectMemorySize=";

  private MemoryCheck() {}

  /**
   * Fails if there is not enough.
   *
   * @param bytes all arrays together: each exists on the device and, because TornadoVM wants it so, on the host
   * @param device bytes that the device has
   * @throws DeviceMemoryException with the numbers
   */
  static void check(String program, long bytes, long device) {
    if (bytes > device) {
      throw new DeviceMemoryException(
          program + " needs " + mib(bytes) + " on the device, which has " + mib(device)
              + ": choose fewer slots, a shorter context or a smaller weight type");
    }
    // TornadoVM's arrays count against the limit of direct memory, which is the size of the heap unless set.
    long direct = directMemory();
    if (bytes > direct) {
      throw new DeviceMemoryException(
          program + " needs " + mib(bytes) + " of direct memory, and this JVM allows " + mib(direct)
              + ": set -XX:MaxDirectMemorySize");
    }
  }

  private static long directMemory() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith(LIMIT))
        .mapToLong(argument -> size(argument.substring(LIMIT.length())))
        .filter(limit -> limit > 0)
        .reduce((first, last) -> last)
        .orElse(Runtime.getRuntime().maxMemory());
  }

  /** A number with one of the JVM's units, or none. */
  static long size(String text) {
    int unit = "kmgt".indexOf(Character.toLowerCase(text.charAt(text.length() - 1)));
    return unit < 0 ? Long.parseLong(text) : Long.parseLong(text.substring(0, text.length() - 1)) << 10 * (unit + 1);
  }

  private static String mib(long bytes) {
    return (bytes >> 20) + " MiB";
  }
}
