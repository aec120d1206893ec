package io.github.llava4j.langchain4j;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;

/** Keeps what it hears. */
class RecordingHandler implements StreamingChatResponseHandler {

  final List<String> parts = new CopyOnWriteArrayList<>();
  final List<PartialToolCall> callParts = new CopyOnWriteArrayList<>();
  final List<CompleteToolCall> calls = new CopyOnWriteArrayList<>();
  final List<PartialThinking> thoughts = new CopyOnWriteArrayList<>();
  final List<Throwable> errors = new CopyOnWriteArrayList<>();
  final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<ChatResponse> end = new CompletableFuture<>();
  /** Called after each part was recorded. */
  Consumer<StreamingHandle> onPart = handle -> { };

  /** The answer; fails with the first error if there was one before it. */
  ChatResponse await() throws Exception {
    return end.get(30, TimeUnit.SECONDS);
  }

  boolean completed() {
    return end.isDone() && !end.isCompletedExceptionally();
  }

  @Override
  public void onPartialResponse(PartialResponse part, PartialResponseContext context) {
    threads.add(Thread.currentThread());
    parts.add(part.text());
    onPart.accept(context.streamingHandle());
  }

  @Override
  public void onPartialToolCall(PartialToolCall part, PartialToolCallContext context) {
    threads.add(Thread.currentThread());
    callParts.add(part);
    onPart.accept(context.streamingHandle());
  }

  @Override
  public void onCompleteToolCall(CompleteToolCall call) {
    threads.add(Thread.currentThread());
    calls.add(call);
  }

  @Override
  public void onPartialThinking(PartialThinking thought) {
    thoughts.add(thought);
  }

  @Override
  public void onCompleteResponse(ChatResponse response) {
    threads.add(Thread.currentThread());
    end.complete(response);
  }

  @Override
  public void onError(Throwable error) {
    threads.add(Thread.currentThread());
    errors.add(error);
    if (parts.isEmpty()) {
      end.completeExceptionally(error);
    }
  }
}
