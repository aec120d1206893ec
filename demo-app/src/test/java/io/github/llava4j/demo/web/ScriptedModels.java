package io.github.llava4j.demo.web;

import java.util.concurrent.CountDownLatch;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
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
import io.github.llava4j.EngineException;
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

  @Bean
  ChatModel chatModel() {
    return new ChatModel() {
      @Override
      public ChatResponse doChat(ChatRequest request) {
        RuntimeException failure = failure(text(request));
        if (failure != null) {
          throw failure;
        }
        return response("yes");
      }
    };
  }

  private static String text(ChatRequest request) {
    return ((UserMessage) request.messages().getLast()).singleText();
  }

  private static RuntimeException failure(String question) {
    return switch (question) {
      case "busy" -> new RateLimitException(new EngineBusyException("the engine is busy: 64 requests wait already"));
      case "broken" -> new InternalServerException(new EngineException("the engine is closed"));
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

    /** Opened once an answer was cancelled. */
    final CountDownLatch cancelled = new CountDownLatch(1);

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
        case "endless" -> {
          while (!handle.isCancelled()) {
            handler.onPartialResponse(new PartialResponse("on and "), context);
            pause();
          }
          cancelled.countDown();
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

    private static void pause() {
      try {
        Thread.sleep(5);
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
