package io.github.llava4j.demo.web;

import java.time.Duration;

import dev.langchain4j.exception.UnsupportedFeatureException;
import io.github.llava4j.CheckpointException;
import io.github.llava4j.EngineBusyException;
import io.github.llava4j.EngineException;
import io.github.llava4j.ImageException;
import io.github.llava4j.ImageFormatException;
import io.github.llava4j.ImageTooLargeException;
import io.github.llava4j.LlavaException;
import io.github.llava4j.PromptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.converter.HttpMessageNotReadableException;
import tools.jackson.core.exc.StreamConstraintsException;

/**
 * What a client is told of a failure.
 *
 * @param detail what to do about it, or what happened
 * @param retryAfter when to try again; null for never
 */
record Problem(HttpStatus status, String detail, Duration retryAfter) {

  private static final Logger LOG = LoggerFactory.getLogger(Problem.class);
  private static final Duration A_LITTLE_LATER = Duration.ofSeconds(5);

  private Problem(HttpStatus status, String detail) {
    this(status, detail, null);
  }

  static Problem of(Throwable failure) {
    return switch (known(failure)) {
      case ImageTooLargeException e -> new Problem(HttpStatus.CONTENT_TOO_LARGE, e.getMessage());
      case RequestTooLargeException e -> new Problem(HttpStatus.CONTENT_TOO_LARGE, e.getMessage());
      case StreamConstraintsException e -> new Problem(HttpStatus.CONTENT_TOO_LARGE, e.getOriginalMessage());
      case ImageFormatException e -> new Problem(HttpStatus.UNSUPPORTED_MEDIA_TYPE, e.getMessage());
      case ImageException e -> new Problem(HttpStatus.BAD_REQUEST, e.getMessage());
      case PromptException e -> new Problem(HttpStatus.BAD_REQUEST, e.getMessage());
      case UnsupportedFeatureException e -> new Problem(HttpStatus.BAD_REQUEST, e.getMessage());
      case InvalidChatException e -> new Problem(HttpStatus.BAD_REQUEST, e.getMessage());
      case HttpMessageNotReadableException e -> new Problem(HttpStatus.BAD_REQUEST, UnreadableBody.describe(e));
      case ForeignRequestException e -> new Problem(HttpStatus.FORBIDDEN, e.getMessage());
      case EngineBusyException e -> new Problem(HttpStatus.SERVICE_UNAVAILABLE, e.getMessage(), A_LITTLE_LATER);
      case EngineException e -> logged(e, new Problem(HttpStatus.INTERNAL_SERVER_ERROR, e.getMessage()));
      case CheckpointException e -> logged(e, new Problem(HttpStatus.INTERNAL_SERVER_ERROR, e.getMessage()));
      // What it says is for us, and might say more than a client should know.
      default -> logged(
          failure, new Problem(HttpStatus.INTERNAL_SERVER_ERROR, "the server failed; its log says how"));
    };
  }

  /** What is behind the wrappings of LangChain4j and of Spring's message converters. */
  private static Throwable known(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case LlavaException e -> {
          return e;
        }
        case RequestTooLargeException e -> {
          return e;
        }
        case StreamConstraintsException e -> {
          return e;
        }
        case InvalidChatException e -> {
          return e;
        }
        default -> { }
      }
    }
    return failure;
  }

  private static Problem logged(Throwable failure, Problem problem) {
    LOG.error("A request failed", failure);
    return problem;
  }
}
