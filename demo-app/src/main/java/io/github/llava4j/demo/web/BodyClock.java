package io.github.llava4j.demo.web;

import java.time.Duration;

/** The time that a body has to arrive: a fixed one, and a second more for each 64 KB that came. */
final class BodyClock {

  private static final long BYTES_PER_SECOND = 64 << 10;

  private final long start = System.nanoTime();
  private final Duration fixed;
  private long bytes;

  BodyClock(Duration fixed) {
    this.fixed = fixed;
  }

  /**
   * Counts bytes that came.
   *
   * @throws RefusedException if they came too late
   */
  void arrived(int count) {
    bytes += count;
    long allowed = fixed.toNanos() + Math.multiplyExact(bytes, 1_000_000_000L / BYTES_PER_SECOND);
    if (System.nanoTime() - start > allowed) {
      throw late();
    }
  }

  /** What a client is told whose body came too late. */
  RefusedException late() {
    return RefusedException.slow("the body came too slowly: " + bytes + " bytes in "
        + Duration.ofNanos(System.nanoTime() - start).toSeconds() + " s; llava4j.web.body-timeout is "
        + fixed.toSeconds() + " s, and a second more for each " + BYTES_PER_SECOND + " bytes");
  }
}
