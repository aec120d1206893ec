package io.github.llava4j.spring;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.image.ImageModel;
import io.github.llava4j.CheckpointException;
import io.github.llava4j.EngineClosedException;
import io.github.llava4j.engine.EngineLimits;
import io.github.llava4j.engine.LlavaEngine;
import io.github.llava4j.image.ImageLimits;
import io.github.llava4j.langchain4j.JsonStyle;
import io.github.llava4j.langchain4j.LlavaChatModel;
import io.github.llava4j.langchain4j.LlavaChatRequestParameters;
import io.github.llava4j.langchain4j.LlavaChatResponseMetadata;
import io.github.llava4j.langchain4j.LlavaStreamingChatModel;
import io.github.llava4j.langchain4j.UnsupportedKeywords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;

@ExtendWith(OutputCaptureExtension.class)
class LlavaAutoConfigurationTest {

  private final ApplicationContextRunner unset =
      new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(LlavaAutoConfiguration.class));
  private final ApplicationContextRunner runner =
      unset.withPropertyValues("langchain4j.llava.model-path=" + TestModel.PATH, "langchain4j.llava.threads=1");

  @Test
  void nothingIsConfiguredWithoutAModelPath() {
    unset.run(context -> assertThat(context)
        .hasNotFailed()
        .doesNotHaveBean(LlavaEngine.class)
        .doesNotHaveBean(ChatModel.class)
        .doesNotHaveBean(LlavaProperties.class));
  }

  @Test
  void nothingIsConfiguredWithoutTheLibrary() {
    runner.withClassLoader(new FilteredClassLoader(LlavaEngine.class))
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(LlavaAutoConfiguration.class));
  }

  @Test
  void bothModelsAnswerOverOneEngineThatClosesWithTheContext() {
    LlavaEngine[] engine = new LlavaEngine[1];
    runner.withPropertyValues("langchain4j.llava.chat-model.max-output-tokens=4").run(context -> {
      assertThat(context)
          .hasSingleBean(LlavaEngine.class)
          .hasBean("llavaEngine")
          .hasBean("llavaChatModel")
          .hasBean("llavaStreamingChatModel")
          .hasBean("llavaImageModel");
      engine[0] = context.getBean(LlavaEngine.class);
      assertThat(context.getBean(ChatModel.class).chat("Hello")).isNotEmpty();
      LlavaStreamingChatModel streaming = context.getBean(LlavaStreamingChatModel.class);
      assertThat(streaming.defaultRequestParameters().maxOutputTokens()).isEqualTo(4);
    });
    LlavaChatModel late = LlavaChatModel.builder().engine(engine[0]).build();
    assertThatThrownBy(() -> late.chat("Hello")).hasRootCauseInstanceOf(EngineClosedException.class);
  }

  @Test
  void propertiesBecomeDefaultsOfRequests() {
    runner.withPropertyValues(
            "langchain4j.llava.chat-model.temperature=0.7",
            "langchain4j.llava.chat-model.top-k=5",
            "langchain4j.llava.chat-model.stop-sequences=a,b",
            "langchain4j.llava.chat-model.seed=3",
            "langchain4j.llava.streaming-chat-model.top-k=6",
            "langchain4j.llava.streaming-chat-model.min-p=0.1")
        .run(context -> {
          LlavaChatRequestParameters blocking = context.getBean(LlavaChatModel.class).defaultRequestParameters();
          LlavaChatRequestParameters streaming =
              context.getBean(LlavaStreamingChatModel.class).defaultRequestParameters();
          assertThat(blocking.temperature()).isEqualTo(0.7);
          assertThat(blocking.topK()).isEqualTo(5);
          assertThat(blocking.minP()).isNull();
          assertThat(blocking.stopSequences()).containsExactly("a", "b");
          assertThat(blocking.seed()).isEqualTo(3);
          assertThat(streaming.temperature()).isEqualTo(0.7);
          assertThat(streaming.topK()).isEqualTo(6);
          assertThat(streaming.minP()).isEqualTo(0.1);
        });
  }

  @Test
  void propertiesSayHowJsonIsWrittenAndToolsAreCalled() {
    runner.withPropertyValues(
            "langchain4j.llava.chat-model.json.style=compact",
            "langchain4j.llava.chat-model.json.all-properties=true",
            "langchain4j.llava.chat-model.json.unsupported-keywords=check",
            "langchain4j.llava.chat-model.json.max-integer-digits=9",
            "langchain4j.llava.chat-model.json.schema-in-prompt=false",
            "langchain4j.llava.chat-model.tools.max-calls=2",
            "langchain4j.llava.chat-model.tools.thought=80",
            "langchain4j.llava.chat-model.logprobs=1",
            "langchain4j.llava.chat-model.log-requests=true",
            "langchain4j.llava.streaming-chat-model.tools.max-calls=1",
            "langchain4j.llava.streaming-chat-model.log-responses=true")
        .run(context -> {
          LlavaChatRequestParameters blocking = context.getBean(LlavaChatModel.class).defaultRequestParameters();
          assertThat(blocking.jsonStyle()).isEqualTo(JsonStyle.COMPACT);
          assertThat(blocking.allProperties()).isTrue();
          assertThat(blocking.unsupportedKeywords()).isEqualTo(UnsupportedKeywords.CHECK);
          assertThat(blocking.maxIntegerDigits()).isEqualTo(9);
          assertThat(blocking.schemaInPrompt()).isFalse();
          assertThat(blocking.maxToolCalls()).isEqualTo(2);
          assertThat(blocking.toolThought()).isEqualTo(80);
          assertThat(blocking.logprobs()).isEqualTo(1);
          LlavaChatRequestParameters streaming =
              context.getBean(LlavaStreamingChatModel.class).defaultRequestParameters();
          assertThat(streaming.maxToolCalls()).isEqualTo(1);
          assertThat(streaming.jsonStyle()).isEqualTo(JsonStyle.COMPACT);
          LlavaProperties properties = context.getBean(LlavaProperties.class);
          assertThat(properties.chatModel().logRequests()).isTrue();
          assertThat(properties.chatModel().logResponses()).isNull();
          assertThat(properties.logStreamingRequests()).isTrue();
          assertThat(properties.logStreamingResponses()).isTrue();
        });
  }

  @Test
  void propertiesOfImagesSayWhatIsReadAndHow() {
    ImageContent file = ImageContent.from(TestModel.IMAGE.toUri());
    runner.run(context -> assertThatThrownBy(() -> context.getBean(ChatModel.class).chat(UserMessage.from(file)))
        .isInstanceOf(UnsupportedFeatureException.class));
    runner.withPropertyValues(
            "langchain4j.llava.chat-model.max-output-tokens=1",
            "langchain4j.llava.image.directories=" + TestModel.IMAGE.getParent())
        .run(context -> assertThat(imageTokens(context.getBean(ChatModel.class), file)).isEqualTo(76));
    runner.withPropertyValues(
            "langchain4j.llava.chat-model.max-output-tokens=1",
            "langchain4j.llava.image.directories=" + TestModel.IMAGE.getParent(),
            "langchain4j.llava.image.low-detail=overview")
        .run(context -> assertThat(imageTokens(context.getBean(ChatModel.class), file)).isEqualTo(17));
    runner.withPropertyValues(
            "langchain4j.llava.image.directories=" + TestModel.IMAGE.getParent(),
            "langchain4j.llava.image.max-size=100B")
        .run(context -> assertThatThrownBy(() -> imageTokens(context.getBean(ChatModel.class), file))
            .hasMessageContaining("100"));
  }

  private static int imageTokens(ChatModel model, ImageContent image) {
    ChatResponse response = model.chat(UserMessage.from(image));
    return ((LlavaChatResponseMetadata) response.metadata()).imageTokenCount();
  }

  @Test
  void aModelCanBeSwitchedOff() {
    runner.withPropertyValues("langchain4j.llava.chat-model.enabled=false").run(context -> assertThat(context)
        .doesNotHaveBean(ChatModel.class)
        .hasSingleBean(StreamingChatModel.class));
    runner.withPropertyValues("langchain4j.llava.streaming-chat-model.enabled=false").run(context -> assertThat(context)
        .hasSingleBean(ChatModel.class)
        .doesNotHaveBean(StreamingChatModel.class));
    runner.withPropertyValues("langchain4j.llava.image-model.enabled=false").run(context -> assertThat(context)
        .hasSingleBean(ChatModel.class)
        .doesNotHaveBean(ImageModel.class));
  }

  @Test
  void theModelThatShipsIsSaidToBeMissingWhereItsArtifactIsNotThere() {
    unset.withPropertyValues("langchain4j.llava.model-path=mini").run(context -> assertThat(context)
        .getFailure()
        .rootCause()
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("classifier mini"));
  }

  @Test
  void aPathMayBeAFileAddress() {
    runner.withPropertyValues("langchain4j.llava.model-path=" + TestModel.PATH.toUri(), "langchain4j.llava.image.directories=file:/pictures,pictures")
        .run(context -> {
          assertThat(context).hasSingleBean(LlavaEngine.class);
          assertThat(context.getBean(LlavaProperties.class).image().directoryPaths())
              .containsExactly(Path.of("/pictures"), Path.of("pictures"));
        });
  }

  @Test
  void anEmptyModelPathIsAnError() {
    unset.withPropertyValues("langchain4j.llava.model-path=").run(context -> assertThat(context)
        .getFailure()
        .rootCause()
        .hasMessageContaining("langchain4j.llava.model-path is empty"));
  }

  @Test
  void everyBeanStepsBackForTheUsersOwn() {
    runner.withUserConfiguration(OwnModels.class).run(context -> assertThat(context)
        .hasSingleBean(ChatModel.class)
        .hasSingleBean(StreamingChatModel.class)
        .doesNotHaveBean("llavaChatModel")
        .doesNotHaveBean("llavaStreamingChatModel")
        .doesNotHaveBean("llavaImageModel"));
    runner.withUserConfiguration(OwnEngine.class).run(context -> {
      assertThat(context).hasSingleBean(LlavaEngine.class).doesNotHaveBean("llavaEngine");
      assertThat(context).hasSingleBean(LlavaChatModel.class);
    });
    runner.withUserConfiguration(OwnLlava.class).run(context -> assertThat(context)
        .hasSingleBean(ChatModel.class)
        .doesNotHaveBean("llavaChatModel")
        .hasBean("llavaStreamingChatModel"));
  }

  @Test
  void besideAnotherProviderNoneOfTheTwoChatModelsIsThereAndNothingIsLoaded(CapturedOutput output) {
    for (Class<?> other : List.of(OtherChat.class, OtherStreaming.class)) {
      runner.withUserConfiguration(other).run(context -> {
        assertThat(context)
            .doesNotHaveBean(LlavaChatModel.class)
            .doesNotHaveBean(LlavaStreamingChatModel.class)
            .hasSingleBean(LlavaEngine.class);
        assertThat(context.getBeanFactory().containsSingleton("llavaEngine")).as("loaded").isFalse();
      });
      assertThat(output).contains("step back for other, which answers the application's chats",
          "langchain4j.llava.chat-model.enabled=true");
    }
    assertThat(output).doesNotContain("Loaded model");
  }

  @Test
  void besideAnotherProviderTheyAreThereIfTheyAreSwitchedOnByName(CapturedOutput output) {
    runner.withUserConfiguration(OtherChat.class)
        .withPropertyValues("langchain4j.llava.chat-model.enabled=true")
        .run(context -> assertThat(context)
            .hasBean("llavaChatModel")
            .hasBean("other")
            .doesNotHaveBean("llavaStreamingChatModel"));
    runner.withUserConfiguration(OtherChat.class)
        .withPropertyValues("langchain4j.llava.streaming-chat-model.enabled=true")
        .run(context -> assertThat(context)
            .doesNotHaveBean("llavaChatModel")
            .hasBean("llavaStreamingChatModel"));
    assertThat(output).doesNotContain("step back");
  }

  @Test
  void listenersHearInTheirOrder() {
    runner.withUserConfiguration(Listeners.class).run(context -> {
      List<ChatModelListener> inOrder = List.of(
          context.getBean("early", ChatModelListener.class), context.getBean("late", ChatModelListener.class));
      assertThat(context.getBean(LlavaChatModel.class).listeners()).isEqualTo(inOrder);
      assertThat(context.getBean(LlavaStreamingChatModel.class).listeners()).isEqualTo(inOrder);
    });
  }

  @Test
  void propertiesBecomeLimits() {
    runner.run(context -> {
      EngineLimits limits = context.getBean(LlavaEngine.class).limits();
      assertThat(limits).isEqualTo(EngineLimits.DEFAULT.toBuilder().image(limits.image()).build());
    });
    runner.withPropertyValues(
            "langchain4j.llava.timeout=3s",
            "langchain4j.llava.image.max-pixels=1000",
            "langchain4j.llava.limits.max-images=2",
            "langchain4j.llava.limits.max-request-pixels=2000",
            "langchain4j.llava.limits.decode-pixels=1500",
            "langchain4j.llava.limits.max-waiting=5",
            "langchain4j.llava.limits.max-waiting-bytes=7MB",
            "langchain4j.llava.limits.tile-cache-bytes=1KB")
        .run(context -> {
          EngineLimits limits = context.getBean(LlavaEngine.class).limits();
          assertThat(limits.image().maxPixels()).isEqualTo(1000);
          assertThat(limits.toBuilder().image(ImageLimits.DEFAULT).build()).isEqualTo(new EngineLimits(
              ImageLimits.DEFAULT, 2, 2000, 1500, 5, 7 << 20, 1 << 10, Duration.ofSeconds(3)));
        });
  }

  @Test
  void aWrongLimitIsNamed() {
    for (String wrong : List.of(
        "limits.max-images=0", "limits.max-request-pixels=0", "limits.decode-pixels=0", "limits.max-waiting=0",
        "limits.max-waiting-bytes=0B", "limits.tile-cache-bytes=-1B", "timeout=0s", "shutdown-timeout=-1s",
        "image-cache=-1B", "chat-model.json.max-integer-digits=19", "chat-model.tools.max-calls=0",
        "chat-model.tools.thought=-1", "chat-model.logprobs=21")) {
      String property = "langchain4j.llava." + wrong;
      runner.withPropertyValues(property).run(context -> assertThat(context)
          .getFailure()
          .rootCause()
          .hasMessageStartingWith(property.replaceFirst("=.*", " must ")));
    }
  }

  @Test
  void aWrongValueEndsTheStartAndNamesItsProperty() {
    runner.withPropertyValues("langchain4j.llava.parallel=0").run(context -> assertThat(context)
        .getFailure()
        .rootCause()
        .hasMessage("langchain4j.llava.parallel must be at least 1, not 0"));
    runner.withPropertyValues("langchain4j.llava.chat-model.top-p=7").run(context -> assertThat(context)
        .getFailure()
        .rootCause()
        .hasMessage("langchain4j.llava.chat-model.top-p must be above 0 and at most 1, not 7.0"));
    runner.withPropertyValues("langchain4j.llava.image-model.max-output-tokens=0").run(context -> assertThat(context)
        .getFailure()
        .rootCause()
        .hasMessage("langchain4j.llava.image-model.max-output-tokens must be at least 1, not 0"));
    for (String wrong : List.of(
        "temperature=-5", "top-k=-1", "min-p=2", "repetition-penalty=0", "frequency-penalty=NaN",
        "presence-penalty=Infinity")) {
      String property = "langchain4j.llava.streaming-chat-model." + wrong;
      runner.withPropertyValues(property).run(context -> assertThat(context)
          .getFailure()
          .hasStackTraceContaining(property.replaceFirst("=.*", " must be ")));
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class OwnModels {

    @Bean
    ChatModel ownModel() {
      return mock(ChatModel.class);
    }

    @Bean
    StreamingChatModel ownStreamingModel() {
      return mock(StreamingChatModel.class);
    }

    @Bean
    ImageModel ownImageModel() {
      return mock(ImageModel.class);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class OtherChat {

    @Bean
    ChatModel other() {
      return mock(ChatModel.class);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class OtherStreaming {

    @Bean
    StreamingChatModel other() {
      return mock(StreamingChatModel.class);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class OwnLlava {

    @Bean
    LlavaChatModel own(LlavaEngine engine) {
      return LlavaChatModel.builder().engine(engine).build();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class OwnEngine {

    @Bean
    LlavaEngine ownEngine(LlavaProperties properties) {
      return LlavaEngine.open(properties.engineOptions());
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Listeners {

    @Bean
    @Order(2)
    ChatModelListener late() {
      return new ChatModelListener() { };
    }

    @Bean
    @Order(1)
    ChatModelListener early() {
      return new ChatModelListener() { };
    }
  }
}
