package io.github.llava4j.langchain4j;

import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.internal.ExceptionMapper;
import io.github.llava4j.CheckpointException;
import io.github.llava4j.EngineBusyException;
import io.github.llava4j.EngineException;
import io.github.llava4j.EngineTimeoutException;
import io.github.llava4j.ImageException;
import io.github.llava4j.PromptException;
import io.github.llava4j.UnsupportedConstraintException;

/** Says llava4j's exceptions in LangChain4j's words, which tell callers whether to try again. */
final class LlavaExceptionMapper extends ExceptionMapper.DefaultExceptionMapper {

  static final LlavaExceptionMapper INSTANCE = new LlavaExceptionMapper();

  private LlavaExceptionMapper() {}

  @Override
  public RuntimeException mapException(Throwable error) {
    return switch (error) {
      case CheckpointException e -> new ModelNotFoundException(e);
      case ImageException e -> new InvalidRequestException(e);
      case UnsupportedConstraintException e -> unsupported(e);
      case PromptException e -> new InvalidRequestException(e);
      case EngineBusyException e -> new RateLimitException(e);
      case EngineTimeoutException e -> new TimeoutException(e);
      // The caller's own wish: neither to be repeated nor the engine's fault.
      case EngineException e when e.getCause() instanceof InterruptedException -> new LangChain4jException(e);
      case EngineException e -> new InternalServerException(e);
      default -> super.mapException(error);
    };
  }

  /** LangChain4j's exception takes no cause with it. */
  private static UnsupportedFeatureException unsupported(UnsupportedConstraintException e) {
    UnsupportedFeatureException mapped = new UnsupportedFeatureException(e.getMessage());
    mapped.initCause(e);
    return mapped;
  }
}
