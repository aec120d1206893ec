package io.github.llava4j.langchain4j;

import java.util.concurrent.CompletableFuture;

import dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import io.github.llava4j.engine.Generation;

/**
 * Passes an answer on to LangChain4j's handler, on the thread that the engine calls it on. An exception that the
 * handler throws goes back to it as an error and does not end the answer; after a cancellation it hears nothing more.
 */
final class StreamingSink implements AnswerSink, StreamingHandle {

  private final StreamingChatResponseHandler handler;
  private final CompletableFuture<Generation> generation = new CompletableFuture<>();
  private volatile boolean cancelled;

  StreamingSink(StreamingChatResponseHandler handler) {
    this.handler = handler;
  }

  void started(Generation started) {
    generation.complete(started);
  }

  @Override
  public void text(String text) {
    if (!cancelled) {
      InternalStreamingChatResponseHandlerUtils.onPartialResponse(handler, text, this);
    }
  }

  @Override
  public void partialCall(PartialToolCall call) {
    if (!cancelled) {
      InternalStreamingChatResponseHandlerUtils.onPartialToolCall(handler, call, this);
    }
  }

  @Override
  public void completeCall(CompleteToolCall call) {
    if (!cancelled) {
      InternalStreamingChatResponseHandlerUtils.onCompleteToolCall(handler, call);
    }
  }

  @Override
  public void response(ChatResponse response) {
    if (!cancelled) {
      InternalStreamingChatResponseHandlerUtils.onCompleteResponse(handler, response);
    }
  }

  @Override
  public void error(RuntimeException error) {
    if (!cancelled) {
      InternalStreamingChatResponseHandlerUtils.withLoggingExceptions(() -> handler.onError(error));
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
