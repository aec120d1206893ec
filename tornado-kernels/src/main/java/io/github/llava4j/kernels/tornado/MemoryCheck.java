package io.github.llava4j.kernels.tornado;

import java.lang.management.ManagementFactory;

import com.sun.management.HotSpotDiagnosticMXBean;

/** Compares what a program needs with what there is, before anything is allocated. */
final class MemoryCheck {

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
    HotSpotDiagnosticMXBean vm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    long option = Long.parseLong(vm.getVMOption("MaxDirectMemorySize").getValue());
    return option > 0 ? option : Runtime.getRuntime().maxMemory();
  }

  private static String mib(long bytes) {
    return (bytes >> 20) + " MiB";
  }
}
