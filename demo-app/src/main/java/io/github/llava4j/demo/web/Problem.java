package io.github.llava4j.demo.web;

import java.time.Duration;

import dev.langchain4j.exception.UnsupportedFeatureException;
import io.github.llava4j.EngineBusyException;
import io.github.llava4j.EngineClosedException;
import io.github.llava4j.EngineTimeoutException;
import io.github.llava4j.ImageException;
import io.github.llava4j.ImageFormatException;
import io.github.llava4j.ImageTooLargeException;
import io.github.llava4j.InsufficientMemoryException;
import io.github.llava4j.LlavaException;
import io.github.llava4j.PromptException;
import io.github.llava4j.PromptTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;

/**
 * What a client is told of a failure.
 *
 * @param detail what to do about it, or what happened
 * @param retryAfter when to try again; null for never
 */
record Problem(HttpStatus status, @Nullable String detail, @Nullable Duration retryAfter) {

  private static final Logger LOG = LoggerFactory.getLogger(Problem.class);
  private static final Duration A_LITTLE_LATER = Duration.ofSeconds(5);

  private Problem(HttpStatus status, Throwable failure) {
    this(status, failure.getMessage(), null);
  }

  static Problem of(Throwable failure) {
    return switch (known(failure)) {
      case RefusedException e -> new Problem(e.status(), e.getMessage(), e.retryAfter());
      case ImageTooLargeException e -> new Problem(HttpStatus.CONTENT_TOO_LARGE, e);
      case PromptTooLargeException e -> new Problem(HttpStatus.CONTENT_TOO_LARGE, e);
      case ImageFormatException e -> new Problem(HttpStatus.UNSUPPORTED_MEDIA_TYPE, e);
      case ImageException e -> new Problem(HttpStatus.BAD_REQUEST, e);
      case PromptException e -> new Problem(HttpStatus.BAD_REQUEST, e);
      case UnsupportedFeatureException e -> new Problem(HttpStatus.BAD_REQUEST, e);
      case EngineBusyException e -> later(e.getMessage());
      case InsufficientMemoryException e -> later(e.getMessage());
      case OutOfMemoryError e -> later("the server has too little memory for this at the moment");
      case EngineClosedException e -> new Problem(HttpStatus.SERVICE_UNAVAILABLE, e);
      case EngineTimeoutException e -> new Problem(HttpStatus.GATEWAY_TIMEOUT, e);
      case LlavaException e -> new Problem(HttpStatus.INTERNAL_SERVER_ERROR, e);
      // What it says is for us, and might say more than a client should know.
      default -> new Problem(HttpStatus.INTERNAL_SERVER_ERROR, "the server failed; its log says how", null);
    };
  }

  private static Problem later(@Nullable String detail) {
    return new Problem(HttpStatus.SERVICE_UNAVAILABLE, detail, A_LITTLE_LATER);
  }

  /** What is behind the wrappings of LangChain4j and of Spring. */
  private static Throwable known(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof LlavaException || cause instanceof RefusedException || cause instanceof OutOfMemoryError) {
        return cause;
      }
    }
    return failure;
  }

  /**
   * One line in the log: what the server is short of in words, a client's mistake by its kind alone, because the words
   * may hold the client's. With the stack where nobody knows what to do.
   */
  void log(Throwable failure) {
    String kind = known(failure).getClass().getSimpleName();
    if (status == HttpStatus.INTERNAL_SERVER_ERROR) {
      LOG.error("A request failed", failure);
    } else if (status.is5xxServerError() || status == HttpStatus.CONTENT_TOO_LARGE) {
      LOG.warn("Refused a request with {}: {}: {}", status.value(), kind, detail);
    } else {
      LOG.warn("Refused a request with {}: {}", status.value(), kind);
    }
  }
}
