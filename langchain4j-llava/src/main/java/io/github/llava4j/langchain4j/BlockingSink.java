package io.github.llava4j.langchain4j;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import dev.langchain4j.model.chat.response.ChatResponse;

/** Waits for the whole answer. */
final class BlockingSink implements AnswerSink {

  private final CompletableFuture<ChatResponse> response = new CompletableFuture<>();

  @Override
  public void response(ChatResponse whole) {
    response.complete(whole);
  }

  @Override
  public void error(RuntimeException error) {
    response.completeExceptionally(error);
  }

  /** What came in the end. */
  ChatResponse await() {
    try {
      return response.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException error ? error : e;
    }
  }
}
