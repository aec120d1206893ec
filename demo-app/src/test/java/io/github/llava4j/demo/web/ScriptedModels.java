package io.github.llava4j.demo.web;

import java.util.concurrent.Semaphore;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import io.github.llava4j.EngineBusyException;
import io.github.llava4j.EngineClosedException;
import io.github.llava4j.EngineException;
import io.github.llava4j.EngineTimeoutException;
import io.github.llava4j.InsufficientMemoryException;
import io.github.llava4j.PromptTooLargeException;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

/** Stand-ins for the starter's models that do at once what a real one does once in a year; the question says what. */
@TestConfiguration(proxyBeanMethods = false)
class ScriptedModels {

  static final String DRAWING = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 20 10\">"
      + "<script>document.title = 'broken into'</script><circle cx=\"5\" cy=\"5\" r=\"4\" fill=\"red\"/></svg>";

  @Bean
  Streaming streamingModel() {
    return new Streaming();
  }

  private static String text(ChatRequest request) {
    return ((UserMessage) request.messages().getLast()).singleText();
  }

  private static RuntimeException failure(String question) {
    return switch (question) {
      case "busy" -> new RateLimitException(new EngineBusyException("the engine is busy: 64 requests wait already"));
      case "broken" -> new InternalServerException(new EngineException("the engine is closed"));
      case "drained" -> new InternalServerException(new EngineClosedException("the server is shutting down"));
      case "timeout" -> new TimeoutException(new EngineTimeoutException("no answer within 1 s"));
      case "heap" -> new InternalServerException(new InsufficientMemoryException("not enough heap for image 1"));
      case "full" -> new IllegalStateException(new OutOfMemoryError("Java heap space"));
      case "pixels" -> new InvalidRequestException(new PromptTooLargeException("600 pictures are more than 16"));
      case "bug" -> new IllegalStateException("secret");
      default -> null;
    };
  }

  private static ChatResponse response(String text) {
    return ChatResponse.builder()
        .aiMessage(AiMessage.from(text))
        .modelName("scripted")
        .tokenUsage(new TokenUsage(1, 1))
        .finishReason(FinishReason.STOP)
        .build();
  }

  /** Answers on a thread of its own, as the real one does. */
  static final class Streaming implements StreamingChatModel {

    /** A permit for each answer that was cancelled. */
    final Semaphore cancelled = new Semaphore(0);

    /** A permit for each answer that never ends, once it has begun. */
    final Semaphore begun = new Semaphore(0);

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
      Thread.ofVirtual().start(() -> answer(text(request), handler));
    }

    private void answer(String question, StreamingChatResponseHandler handler) {
      RuntimeException failure = failure(question);
      if (failure != null) {
        handler.onError(failure);
        return;
      }
      Handle handle = new Handle();
      PartialResponseContext context = new PartialResponseContext(handle);
      switch (question) {
        case "late" -> {
          handler.onPartialResponse(new PartialResponse("begun"), context);
          handler.onError(failure("broken"));
        }
        case "slow" -> {
          pause(500);
          handler.onCompleteResponse(response("yes"));
        }
        case "endless" -> {
          handler.onPartialResponse(new PartialResponse("on and "), context);
          begun.release();
          while (!handle.isCancelled()) {
            handler.onPartialResponse(new PartialResponse("on and "), context);
            pause(5);
          }
          cancelled.release();
        }
        case "draw" -> {
          handler.onPartialResponse(new PartialResponse(DRAWING), context);
          handler.onCompleteResponse(response(DRAWING));
        }
        default -> {
          handler.onPartialResponse(new PartialResponse("yes"), context);
          handler.onCompleteResponse(response("yes"));
        }
      }
    }

    private static void pause(long millis) {
      try {
        Thread.sleep(millis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static final class Handle implements StreamingHandle {

    private volatile boolean cancelled;

    @Override
    public void cancel() {
      cancelled = true;
    }

    @Override
    public boolean isCancelled() {
      return cancelled;
    }
  }
}
