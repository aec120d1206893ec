package io.github.llava4j.demo.web;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What the web server accepts.
 *
 * @param maxRequestSize Largest request body; pictures are in it as base64, a third larger than their files.
 * @param maxBytesInFlight Bytes of all bodies that are read or answered at the same time; further requests are refused
 *     with 503. By default an eighth of the heap. A single body may take a quarter of it.
 * @param bodyTimeout How long a body may take to arrive; a second more for each 64 KB that came.
 * @param allowedHosts Names besides localhost under which this machine may be asked over its loopback interface: those
 *     of a reverse proxy.
 */
@ConfigurationProperties(WebProperties.PREFIX)
record WebProperties(
    @DefaultValue("32MB") DataSize maxRequestSize,
    DataSize maxBytesInFlight,
    @DefaultValue("20s") Duration bodyTimeout,
    @DefaultValue Set<String> allowedHosts) {

  static final String PREFIX = "llava4j.web";

  /** Parsing a body takes several times its size for a moment, and there must be room for more than one. */
  private static final int BODIES_IN_FLIGHT = 4;
  private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

  WebProperties {
    maxBytesInFlight = Objects.requireNonNullElseGet(
        maxBytesInFlight, () -> DataSize.ofBytes(HeapShares.BODIES.bytes()));
    require(maxRequestSize.toBytes() > 0, "max-request-size", maxRequestSize);
    require(maxBytesInFlight.toBytes() >= BODIES_IN_FLIGHT, "max-bytes-in-flight", maxBytesInFlight);
    require(bodyTimeout.isPositive(), "body-timeout", bodyTimeout);
  }

  private static void require(boolean ok, String name, Object value) {
    if (!ok) {
      throw new IllegalArgumentException(PREFIX + "." + name + " must be positive, not " + value);
    }
  }

  /** Bytes of the largest body that is read. */
  long maxBodyBytes() {
    long room = Math.min(maxBytesInFlight.toBytes() / BODIES_IN_FLIGHT, LARGEST_ARRAY);
    return Math.min(maxRequestSize.toBytes(), room);
  }
}
