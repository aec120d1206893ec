package io.github.llava4j.spring;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.image.ImageModel;
import io.github.llava4j.engine.LlavaEngine;
import io.github.llava4j.langchain4j.LlavaChatModel;
import io.github.llava4j.langchain4j.LlavaImageModel;
import io.github.llava4j.langchain4j.LlavaModelBuilder;
import io.github.llava4j.langchain4j.LlavaStreamingChatModel;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * One engine and the LangChain4j models over it, wherever {@code langchain4j.llava.model-path} is set.
 *
 * <p>A model steps back for any other {@link ChatModel}, {@link StreamingChatModel} or {@link ImageModel}, because
 * LangChain4j's AI services take the only one there is. Who wants LLaVA beside another provider declares a
 * {@link LlavaChatModel} over the engine.
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
public class LlavaAutoConfiguration {

  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  LlavaEngine llavaEngine(LlavaProperties properties) {
    return LlavaEngine.open(properties.engineOptions());
  }

  @Bean
  @ConditionalOnMissingBean(ChatModel.class)
  @ConditionalOnProperty(prefix = LlavaProperties.PREFIX, name = "chat-model.enabled", matchIfMissing = true)
  LlavaChatModel llavaChatModel(
      LlavaEngine engine, LlavaProperties properties, ObjectProvider<ChatModelListener> listeners) {
    return common(LlavaChatModel.builder(), engine, properties, listeners)
        .defaultRequestParameters(properties.chatModel().parameters())
        .build();
  }

  @Bean
  @ConditionalOnMissingBean(StreamingChatModel.class)
  @ConditionalOnProperty(prefix = LlavaProperties.PREFIX, name = "streaming-chat-model.enabled", matchIfMissing = true)
  LlavaStreamingChatModel llavaStreamingChatModel(
      LlavaEngine engine, LlavaProperties properties, ObjectProvider<ChatModelListener> listeners) {
    return common(LlavaStreamingChatModel.builder(), engine, properties, listeners)
        .defaultRequestParameters(properties.streamingParameters())
        .build();
  }

  @Bean
  @ConditionalOnMissingBean(ImageModel.class)
  @ConditionalOnProperty(prefix = LlavaProperties.PREFIX, name = "image-model.enabled", matchIfMissing = true)
  LlavaImageModel llavaImageModel(LlavaEngine engine, LlavaProperties properties) {
    return LlavaImageModel.builder()
        .engine(engine)
        .defaultRequestParameters(properties.imageParameters())
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
}
