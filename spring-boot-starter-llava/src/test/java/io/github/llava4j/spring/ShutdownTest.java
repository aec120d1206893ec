package io.github.llava4j.spring;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.github.llava4j.EngineClosedException;
import io.github.llava4j.engine.LlavaEngine;
import io.github.llava4j.langchain4j.LlavaStreamingChatModel;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;

import static org.assertj.core.api.Assertions.assertThat;

/** What becomes of requests when the application ends. */
class ShutdownTest {

  private final ApplicationContextRunner runner = new ApplicationContextRunner()
      .withConfiguration(AutoConfigurations.of(LlavaAutoConfiguration.class))
      .withPropertyValues("langchain4j.llava.model-path=" + TestModel.PATH, "langchain4j.llava.threads=1");

  /** An answer, and whether it has begun. */
  private static final class Answer implements StreamingChatResponseHandler {

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CompletableFuture<ChatResponse> end = new CompletableFuture<>();

    @Override
    public void onPartialResponse(String text) {
      begun.countDown();
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
      end.complete(response);
    }

    @Override
    public void onError(Throwable error) {
      end.completeExceptionally(error);
    }

    private static Answer to(StreamingChatModel model, String question) {
      Answer answer = new Answer();
      model.chat(question, answer);
      return answer;
    }
  }

  @Test
  void whatRunsComesToItsEndAndWhatWaitsIsRefused() {
    Answer[] answers = new Answer[2];
    runner.withPropertyValues("langchain4j.llava.chat-model.max-output-tokens=100").run(context -> {
      StreamingChatModel model = context.getBean(LlavaStreamingChatModel.class);
      answers[0] = Answer.to(model, "Hello");
      answers[0].begun.await();
      answers[1] = Answer.to(model, "Hello");
    });

    assertThat(answers[0].end).isCompletedWithValueMatching(response -> response.tokenUsage().outputTokenCount() == 100);
    assertThat(answers[1].end).isCompletedExceptionally();
    assertThat(answers[1].end.exceptionNow()).hasRootCauseInstanceOf(EngineClosedException.class);
  }

  @Test
  void whatDoesNotEndInTimeIsEnded() {
    Answer[] answer = new Answer[1];
    runner.withPropertyValues("langchain4j.llava.shutdown-timeout=0s").run(context -> {
      answer[0] = Answer.to(context.getBean(LlavaStreamingChatModel.class), "Hello");
      answer[0].begun.await();
    });

    assertThat(answer[0].end).failsWithin(java.time.Duration.ofMinutes(1))
        .withThrowableThat().havingRootCause().isInstanceOf(EngineClosedException.class);
  }

  @Test
  void aPauseIsNoEnd() {
    runner.run(context -> {
      ((ConfigurableApplicationContext) context).pause();
      assertThat(context.getBean(LlavaEngine.class).isOpen()).isTrue();
      ((ConfigurableApplicationContext) context).restart();
      assertThat(context.getBean(LlavaStreamingChatModel.class)).isNotNull();
    });
  }

  @Test
  void itComesBeforeTheWebServersOwnShutdown() {
    assertThat(LlavaShutdown.PHASE).isBetween(SmartLifecycle.DEFAULT_PHASE - 1023, SmartLifecycle.DEFAULT_PHASE - 1);
  }
}
