package io.github.llava4j.langchain4j;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.langchain4j.data.message.AudioContent;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingHandle;
import io.github.llava4j.engine.EngineLimits;
import io.github.llava4j.engine.EngineOptions;
import io.github.llava4j.engine.LlavaEngine;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoMoreInteractions;

class LlavaStreamingChatModelTest {

  private static final String QUESTION = "What is the capital of Germany?";
  private static final RuntimeException USERS = new IllegalStateException("something wrong in user code");

  @Test
  void theStreamIsTheAnswerOfTheBlockingModel() throws Exception {
    ChatResponse blocking = LlavaChatModel.builder()
        .engine(Goldens.engine(Goldens.LLAVA_15)).maxOutputTokens(40).build()
        .chat(UserMessage.from(QUESTION));
    RecordingHandler handler = new RecordingHandler();
    model(Goldens.LLAVA_15).maxOutputTokens(40).build().chat(QUESTION, handler);
    ChatResponse streamed = handler.await();
    assertThat(streamed.aiMessage()).isEqualTo(blocking.aiMessage());
    assertThat(streamed.tokenUsage()).isEqualTo(blocking.tokenUsage());
    assertThat(String.join("", handler.parts)).isEqualTo(streamed.aiMessage().text());
    assertThat(handler.parts).hasSizeGreaterThan(10);
  }

  @Test
  void exceptionsOfTheHandlerGoToItsOnErrorAndTheAnswerGoesOn() throws Exception {
    ChatModelListener listener = mock(ChatModelListener.class);
    RecordingHandler handler = new RecordingHandler();
    handler.onPart = handle -> {
      throw USERS;
    };
    model(Goldens.VICUNA).maxOutputTokens(8).listeners(List.of(listener)).build().chat(QUESTION, handler);
    assertThat(handler.await().aiMessage().text()).isEqualTo(String.join("", handler.parts));
    assertThat(handler.errors).hasSize(handler.parts.size()).containsOnly(USERS);
    verify(listener).onRequest(any());
    verify(listener, times(handler.parts.size())).onError(any());
    verify(listener).onResponse(any());
    verifyNoMoreInteractions(listener);
  }

  @Test
  void exceptionsOfTheHandlersEndGoToItsOnErrorWhoseOwnAreIgnored() throws Exception {
    ChatModelListener listener = mock(ChatModelListener.class);
    CountDownLatch failed = new CountDownLatch(1);
    RecordingHandler handler = new RecordingHandler() {
      @Override
      public void onCompleteResponse(ChatResponse response) {
        super.onCompleteResponse(response);
        throw USERS;
      }

      @Override
      public void onError(Throwable error) {
        super.onError(error);
        failed.countDown();
        throw new IllegalStateException("this is to be ignored");
      }
    };
    model(Goldens.VICUNA).maxOutputTokens(4).listeners(List.of(listener)).build().chat(QUESTION, handler);
    assertThat(handler.await().aiMessage().text()).isNotBlank();
    assertThat(failed.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(handler.errors).containsExactly(USERS);
    verify(listener).onRequest(any());
    verify(listener).onError(any());
    verify(listener).onResponse(any());
    verifyNoMoreInteractions(listener);
  }

  @Test
  void afterACancellationNothingIsHeardAndTheEngineIsFree() throws Exception {
    try (LlavaEngine engine = Goldens.open(EngineOptions.builder(Goldens.model(Goldens.VICUNA)))) {
      CountDownLatch cancelled = new CountDownLatch(1);
      RecordingHandler handler = new RecordingHandler();
      handler.onPart = handle -> {
        if (handler.parts.size() == 3) {
          handle.cancel();
          handle.cancel();
          assertThat(handle.isCancelled()).isTrue();
          cancelled.countDown();
        }
      };
      LlavaStreamingChatModel.builder().engine(engine).build().chat(QUESTION, handler);
      assertThat(cancelled.await(30, TimeUnit.SECONDS)).isTrue();
      // One sequence at a time: this is answered only when the cancelled one has left the device.
      LlavaChatModel.builder().engine(engine).maxOutputTokens(2).build().chat(QUESTION);
      assertThat(handler.parts).hasSize(3);
      assertThat(handler.errors).isEmpty();
      assertThat(handler.completed()).isFalse();
    }
  }

  @Test
  void whatWasStartedCanBeCancelledBeforeItSaysAnything() throws Exception {
    try (LlavaEngine engine = Goldens.open(EngineOptions.builder(Goldens.model(Goldens.VICUNA)))) {
      CountDownLatch cancelled = new CountDownLatch(1);
      RecordingHandler handler = new RecordingHandler();
      handler.onPart = handle -> {
        try {
          cancelled.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      };
      StreamingHandle handle = LlavaStreamingChatModel.builder().engine(engine).build()
          .start(ChatRequest.builder().messages(UserMessage.from(QUESTION)).build(), handler);

      handle.cancel();
      cancelled.countDown();

      LlavaChatModel.builder().engine(engine).maxOutputTokens(2).build().chat(QUESTION);
      assertThat(handler.parts).hasSizeLessThan(2);
      assertThat(handler.errors).isEmpty();
      assertThat(handler.completed()).isFalse();
    }
  }

  @Test
  void anErrorOfTheHandlerEndsTheComputationAndIsToldToIt() throws Exception {
    try (LlavaEngine engine = Goldens.open(EngineOptions.builder(Goldens.model(Goldens.VICUNA)))) {
      CountDownLatch told = new CountDownLatch(1);
      RecordingHandler handler = new RecordingHandler() {
        @Override
        public void onError(Throwable error) {
          super.onError(error);
          told.countDown();
        }
      };
      AssertionError bug = new AssertionError("of the handler");
      handler.onPart = handle -> {
        throw bug;
      };
      LlavaStreamingChatModel.builder().engine(engine).build().chat(QUESTION, handler);
      assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(handler.parts).hasSize(1);
      assertThat(handler.errors).singleElement().satisfies(error -> assertThat(error).hasRootCause(bug));
      while (engine.status().running() > 0) {
        Thread.sleep(5);
      }
    }
  }

  @Test
  void aFullQueueIsSaidToTheHandlerAndToTheCaller() throws Exception {
    EngineOptions.Builder options = EngineOptions.builder(Goldens.model(Goldens.VICUNA))
        .limits(EngineLimits.builder().maxWaiting(1).build());
    try (LlavaEngine engine = Goldens.open(options)) {
      LlavaStreamingChatModel streaming = LlavaStreamingChatModel.builder().engine(engine).build();
      CountDownLatch running = new CountDownLatch(1);
      CountDownLatch enough = new CountDownLatch(1);
      List<StreamingHandle> handles = new ArrayList<>();
      RecordingHandler first = new RecordingHandler();
      first.onPart = handle -> {
        if (handles.isEmpty()) {
          handles.add(handle);
          running.countDown();
        }
      };
      streaming.chat(QUESTION, first);
      assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
      streaming.chat(QUESTION, new RecordingHandler());

      RecordingHandler third = new RecordingHandler() {
        @Override
        public void onError(Throwable error) {
          super.onError(error);
          enough.countDown();
        }
      };
      streaming.chat(QUESTION, third);
      assertThat(enough.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(third.errors).singleElement().isInstanceOf(RateLimitException.class);
      LlavaChatModel blocking = LlavaChatModel.builder().engine(engine).build();
      assertThatThrownBy(() -> blocking.chat(QUESTION))
          .isExactlyInstanceOf(RateLimitException.class)
          .hasMessageContaining("busy");
      handles.getFirst().cancel();
    }
  }

  @Test
  void whatTheModelCannotDoIsThrownAndWhatIsWrongWithTheRequestIsHandled() throws Exception {
    LlavaStreamingChatModel model = model(Goldens.VICUNA).build();
    RecordingHandler handler = new RecordingHandler();
    assertThatThrownBy(() -> model.chat(List.of(UserMessage.from(AudioContent.from("AAAA", "audio/wav"))), handler))
        .isExactlyInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("audio");
    assertThat(handler.errors).isEmpty();

    model.chat(List.of(UserMessage.from(TextContent.from("?"), ImageContent.from("AAAA", "image/png"))), handler);
    assertThatThrownBy(handler::await).hasCauseExactlyInstanceOf(InvalidRequestException.class);
    assertThat(handler.threads).doesNotContain(Thread.currentThread());
  }

  private static LlavaStreamingChatModel.Builder model(String golden) {
    return LlavaStreamingChatModel.builder().engine(Goldens.engine(golden));
  }
}
