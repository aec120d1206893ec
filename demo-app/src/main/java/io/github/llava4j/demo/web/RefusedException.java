package io.github.llava4j.demo.web;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** A request that this server does not take; the message says why, for whoever sent it. */
class RefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;
  private static final Duration A_LITTLE_LATER = Duration.ofSeconds(5);

  private final HttpStatus status;
  private final @Nullable Duration retryAfter;

  private RefusedException(HttpStatus status, @Nullable Duration retryAfter, String message) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
  }

  /** The body is no chat. */
  static RefusedException invalid(String message) {
    return new RefusedException(HttpStatus.BAD_REQUEST, null, message);
  }

  /** Another site's page asks in its visitor's name. */
  static RefusedException foreign(String message) {
    return new RefusedException(HttpStatus.FORBIDDEN, null, message);
  }

  /** The body did not arrive in time. */
  static RefusedException slow(String message) {
    return new RefusedException(HttpStatus.REQUEST_TIMEOUT, null, message);
  }

  /** The body is larger than any that is read. */
  static RefusedException tooLarge(String message) {
    return new RefusedException(HttpStatus.CONTENT_TOO_LARGE, null, message);
  }

  /** There is no room at the moment. */
  static RefusedException busy(String message) {
    return new RefusedException(HttpStatus.SERVICE_UNAVAILABLE, A_LITTLE_LATER, message);
  }

  HttpStatus status() {
    return status;
  }

  /** When to try again; null for never. */
  @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
