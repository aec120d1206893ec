package io.github.llava4j.kernels.tornado;

import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

import io.github.llava4j.kernels.DeviceMemoryException;

/**
 * Bytes that all programs of a device, or of this JVM, share: taken before anything is allocated and given back when a
 * program is closed. What others hold is not known: TornadoVM does not tell how much of a device is free. Thread-safe.
 */
final class MemoryPool {

  private static final String LIMIT = "-XX:MaxDirectMemorySize=";

  /**
   * Where TornadoVM's arrays are on the host, of all devices together: they count against the limit of direct memory,
   * which is the size of the heap unless set.
   */
  static final MemoryPool DIRECT =
      new MemoryPool("the direct memory of this JVM", MemoryPool::directMemory, "start java with a larger " + LIMIT + "..");

  private final String where;
  private final LongSupplier total;
  private final String remedy;
  private long held;

  /**
   * @param where what the memory belongs to, for messages
   * @param total bytes that it has
   * @param remedy what a user can do if it is too little
   */
  MemoryPool(String where, LongSupplier total, String remedy) {
    this.where = where;
    this.total = total;
    this.remedy = remedy;
  }

  /** The memory of a device. */
  static MemoryPool ofDevice(String device, LongSupplier total) {
    return new MemoryPool(
        device, total, "choose a shorter context, fewer parallel sequences or a smaller quantisation");
  }

  /** Bytes that a program holds until it closes this, twice is once. */
  final class Lease implements AutoCloseable {
    private long bytes;

    private Lease(long bytes) {
      this.bytes = bytes;
    }

    @Override
    public void close() {
      synchronized (MemoryPool.this) {
        held -= bytes;
        bytes = 0;
      }
    }
  }

  /**
   * Takes {@code bytes}.
   *
   * @throws DeviceMemoryException if less is free; the message has the numbers and what to do
   */
  synchronized Lease take(String program, long bytes) {
    long all = total.getAsLong();
    if (bytes > all - held) {
      throw new DeviceMemoryException(
          program + " needs " + mib(bytes) + " of " + where + ", where " + mib(Math.max(0, all - held)) + " of "
              + mib(all) + " are free: " + remedy);
    }
    held += bytes;
    return new Lease(bytes);
  }

  /** Bytes that no program holds. */
  synchronized long free() {
    return Math.max(0, total.getAsLong() - held);
  }

  /** Bytes that programs hold. */
  synchronized long held() {
    return held;
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
    return (bytes + (1 << 20) - 1 >> 20) + " MiB";
  }
}
