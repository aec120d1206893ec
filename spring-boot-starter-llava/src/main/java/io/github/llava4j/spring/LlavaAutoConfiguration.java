package io.github.llava4j.spring;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.image.ImageModel;
import io.github.llava4j.engine.LlavaEngine;
import io.github.llava4j.langchain4j.LlavaChatModel;
import io.github.llava4j.langchain4j.LlavaEmbeddingModel;
import io.github.llava4j.langchain4j.LlavaImageModel;
import io.github.llava4j.langchain4j.LlavaModelBuilder;
import io.github.llava4j.langchain4j.LlavaStreamingChatModel;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Lazy;

/**
 * One engine and the LangChain4j models over it, wherever {@code langchain4j.llava.model-path} is set.
 *
 * <p>Chat models of one provider answer an application: LangChain4j's AI services take the only {@link ChatModel} and
 * the only {@link StreamingChatModel} there are, and must not talk to one provider in one method and to another in the
 * next. So LLaVA's two step back together where the application has one of another provider, with a line in the log,
 * unless they are switched on by name. Whoever wants LLaVA beside another provider can also declare a
 * {@link LlavaChatModel} over the engine, which is loaded when something asks for it.
 *
 * <p>Before LangChain4j's own auto-configurations, which look for models.
 */
@AutoConfiguration(beforeName = {
  "dev.langchain4j.spring.LangChain4jAutoConfig",
  "dev.langchain4j.spring.LangChain4jAutoConfiguration"
})
@ConditionalOnClass({LlavaEngine.class, LlavaChatModel.class})
@ConditionalOnProperty(prefix = LlavaProperties.PREFIX, name = "model-path")
@EnableConfigurationProperties(LlavaProperties.class)
public final class LlavaAutoConfiguration {

  @Bean(destroyMethod = "close")
  @Lazy
  @ConditionalOnMissingBean
  LlavaEngine llavaEngine(LlavaProperties properties) {
    return LlavaEngine.open(properties.engineOptions());
  }

  @Bean
  LoadedEngine llavaLoadedEngine(ConfigurableListableBeanFactory beans) {
    return new LoadedEngine(beans);
  }

  @Bean
  LlavaShutdown llavaShutdown(LoadedEngine loaded, LlavaProperties properties) {
    return new LlavaShutdown(loaded, properties.shutdownTimeout());
  }

  @Bean
  OtherChatModels llavaOtherChatModels(ConfigurableListableBeanFactory beans) {
    return new OtherChatModels(beans);
  }

  @Bean
  @ConditionalOnMissingBean
  @ConditionalOnProperty(prefix = LlavaProperties.PREFIX, name = "chat-model.enabled", matchIfMissing = true)
  @Conditional(ChatModelWanted.class)
  LlavaChatModel llavaChatModel(
      LlavaEngine engine, LlavaProperties properties, ObjectProvider<ChatModelListener> listeners) {
    return common(LlavaChatModel.builder(), engine, properties, listeners)
        .defaultRequestParameters(properties.chatModel().parameters())
        .logRequests(properties.chatModel().logRequests())
        .logResponses(properties.chatModel().logResponses())
        .build();
  }

  @Bean
  @ConditionalOnMissingBean
  @ConditionalOnProperty(prefix = LlavaProperties.PREFIX, name = "streaming-chat-model.enabled", matchIfMissing = true)
  @Conditional(StreamingChatModelWanted.class)
  LlavaStreamingChatModel llavaStreamingChatModel(
      LlavaEngine engine, LlavaProperties properties, ObjectProvider<ChatModelListener> listeners) {
    return common(LlavaStreamingChatModel.builder(), engine, properties, listeners)
        .defaultRequestParameters(properties.streamingParameters())
        .logRequests(properties.logStreamingRequests())
        .logResponses(properties.logStreamingResponses())
        .build();
  }

  @Bean
  @Lazy
  @ConditionalOnMissingBean(ImageModel.class)
  @ConditionalOnProperty(prefix = LlavaProperties.PREFIX, name = "image-model.enabled", matchIfMissing = true)
  LlavaImageModel llavaImageModel(LlavaEngine engine, LlavaProperties properties) {
    return LlavaImageModel.builder()
        .engine(engine)
        .imageLoader(properties.image().loader())
        .imageDirectories(properties.image().directoryPaths())
        .format(properties.imageModel().format())
        .defaultRequestParameters(properties.imageParameters())
        .build();
  }

  /**
   * No default candidate, since it embeds pictures alone: LangChain4j's auto-configuration would search texts with it, and
   * an application's model for texts is to stay the only one.
   */
  @Bean(defaultCandidate = false)
  @Lazy
  @ConditionalOnMissingBean(LlavaEmbeddingModel.class)
  @ConditionalOnProperty(prefix = LlavaProperties.PREFIX, name = "embedding-model.enabled", havingValue = "true")
  LlavaEmbeddingModel llavaEmbeddingModel(
      LlavaEngine engine, LlavaProperties properties, ObjectProvider<EmbeddingModelListener> listeners) {
    return LlavaEmbeddingModel.builder()
        .engine(engine)
        .imageLoader(properties.image().loader())
        .imageDirectories(properties.image().directoryPaths())
        .listeners(listeners.orderedStream().toList())
        .build();
  }

  private static <B extends LlavaModelBuilder<B>> B common(
      B builder, LlavaEngine engine, LlavaProperties properties, ObjectProvider<ChatModelListener> listeners) {
    return builder
        .engine(engine)
        .imageLoader(properties.image().loader())
        .imageDirectories(properties.image().directoryPaths())
        .lowDetail(properties.image().lowDetail())
        .imageOrder(properties.imageOrder())
        .listeners(listeners.orderedStream().toList());
  }

  /** Switched on by name, or no other provider's model is there. */
  private static final class ChatModelWanted extends AnyNestedCondition {

    ChatModelWanted() {
      super(ConfigurationPhase.REGISTER_BEAN);
    }

    @ConditionalOnProperty(prefix = LlavaProperties.PREFIX, name = "chat-model.enabled", havingValue = "true")
    static final class ByName { }

    @ConditionalOnNoOtherProvider
    static final class NoOther { }
  }

  /** Switched on by name, or no other provider's model is there. */
  private static final class StreamingChatModelWanted extends AnyNestedCondition {

    StreamingChatModelWanted() {
      super(ConfigurationPhase.REGISTER_BEAN);
    }

    @ConditionalOnProperty(prefix = LlavaProperties.PREFIX, name = "streaming-chat-model.enabled", havingValue = "true")
    static final class ByName { }

    @ConditionalOnNoOtherProvider
    static final class NoOther { }
  }

  @Retention(RetentionPolicy.RUNTIME)
  @ConditionalOnMissingBean(
      value = {ChatModel.class, StreamingChatModel.class},
      ignored = {LlavaChatModel.class, LlavaStreamingChatModel.class})
  private @interface ConditionalOnNoOtherProvider { }
}
