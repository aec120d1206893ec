package io.github.llava4j.langchain4j;

import java.util.concurrent.CompletableFuture;

import dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import io.github.llava4j.engine.Generation;
import io.github.llava4j.engine.GenerationListener;
import io.github.llava4j.engine.GenerationResult;

/**
 * Passes an answer on to LangChain4j's handler, on the thread that the engine calls it on. An exception that the
 * handler throws goes back to it as an error and does not end the answer; after a cancellation it hears nothing more.
 */
final class StreamingListener implements GenerationListener, StreamingHandle {

  private final StreamingChatResponseHandler handler;
  private final String modelName;
  /** Completed a moment after the first text may have come. */
  private final CompletableFuture<Generation> generation = new CompletableFuture<>();
  private volatile boolean cancelled;

  StreamingListener(StreamingChatResponseHandler handler, String modelName) {
    this.handler = handler;
    this.modelName = modelName;
  }

  void started(Generation started) {
    generation.complete(started);
  }

  @Override
  public void onText(String text) {
    if (!cancelled) {
      InternalStreamingChatResponseHandlerUtils.onPartialResponse(handler, text, this);
    }
  }

  @Override
  public void onComplete(GenerationResult result) {
    if (!cancelled) {
      InternalStreamingChatResponseHandlerUtils.onCompleteResponse(handler, ResponseMapper.map(result, modelName));
    }
  }

  @Override
  public void onError(Throwable error) {
    if (!cancelled) {
      RuntimeException mapped = LlavaExceptionMapper.INSTANCE.mapException(error);
      InternalStreamingChatResponseHandlerUtils.withLoggingExceptions(() -> handler.onError(mapped));
    }
  }

  @Override
  public void cancel() {
    cancelled = true;
    generation.thenAccept(Generation::cancel);
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }
}
