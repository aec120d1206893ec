package io.github.llava4j.spring;

import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.image.ImageModel;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.spring.LangChain4jAutoConfig;
import io.github.llava4j.engine.LlavaEngine;
import io.github.llava4j.langchain4j.LlavaEmbeddingModel;
import io.github.llava4j.langchain4j.LlavaImageModel;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/** The models that draw and that embed pictures. */
class PictureModelsTest {

  private static final String EMBEDDING = "langchain4j.llava.embedding-model.enabled=true";

  private final ApplicationContextRunner runner = new ApplicationContextRunner()
      .withConfiguration(AutoConfigurations.of(LlavaAutoConfiguration.class))
      .withPropertyValues("langchain4j.llava.model-path=" + TestModel.PATH, "langchain4j.llava.threads=1");

  @Test
  void embeddingsAreThereOnlyIfAskedFor() {
    runner.run(context -> assertThat(context).doesNotHaveBean(EmbeddingModel.class));
    runner.withPropertyValues(EMBEDDING).withUserConfiguration(Injected.class).run(context -> {
      assertThat(context).hasSingleBean(LlavaEmbeddingModel.class).hasBean("llavaEmbeddingModel");
      LlavaEmbeddingModel model = context.getBean(LlavaEmbeddingModel.class);
      assertThat(context.getBean(Holder.class).model()).isSameAs(model);
      assertThat(model.embed(ImageContent.from(TestModel.IMAGE, "image/png").image()).content().dimension())
          .isEqualTo(model.dimension());
    });
  }

  @Test
  void embeddingsOfPicturesLeaveThoseOfTextsAlone() {
    runner.withPropertyValues(EMBEDDING).withUserConfiguration(TextEmbeddings.class).run(context -> {
      assertThat(context).hasNotFailed().hasBean("llavaEmbeddingModel");
      assertThat(context.getBeanProvider(EmbeddingModel.class).getIfUnique()).isSameAs(context.getBean("texts"));
    });
  }

  @Test
  void nobodySearchesTextsWithEmbeddingsOfPictures() {
    runner.withConfiguration(AutoConfigurations.of(LangChain4jAutoConfig.class))
        .withInitializer(context -> AutoConfigurationPackages.register(
            (BeanDefinitionRegistry) context.getBeanFactory(), "nothing.is.here"))
        .withPropertyValues(EMBEDDING)
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ContentRetriever.class));
  }

  @Test
  void anOwnModelOfPicturesIsTheOnlyOne() {
    runner.withPropertyValues(EMBEDDING).withUserConfiguration(OwnEmbeddings.class)
        .run(context -> assertThat(context).hasSingleBean(LlavaEmbeddingModel.class).hasBean("own"));
  }

  @Test
  void drawingsHaveAFormat() {
    runner.run(context ->
        assertThat(context.getBean(LlavaImageModel.class).generate("a house").content().mimeType()).isEqualTo("image/svg+xml"));
    runner.withPropertyValues("langchain4j.llava.image-model.format=png")
        .withClassLoader(new FilteredClassLoader("com.github.weisj"))
        .run(context -> assertThat(context).hasNotFailed());
  }

  @Test
  void limitsOfAnswersAreNotThoseOfDrawings() {
    runner.withPropertyValues(
        "langchain4j.llava.chat-model.max-output-tokens=3", "langchain4j.llava.chat-model.stop-sequences=a",
        "langchain4j.llava.chat-model.seed=4").run(context -> {
          LlavaImageModel model = (LlavaImageModel) context.getBean(ImageModel.class);
          assertThat(model.defaultRequestParameters().maxOutputTokens()).isNull();
          assertThat(model.defaultRequestParameters().stopSequences()).isEmpty();
          assertThat(model.defaultRequestParameters().seed()).isEqualTo(4);
        });
  }

  record Holder(EmbeddingModel model) {}

  @Configuration(proxyBeanMethods = false)
  static class Injected {

    @Bean
    Holder holder(@Qualifier("llavaEmbeddingModel") EmbeddingModel model) {
      return new Holder(model);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class TextEmbeddings {

    @Bean
    EmbeddingModel texts() {
      return mock(EmbeddingModel.class);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class OwnEmbeddings {

    @Bean
    LlavaEmbeddingModel own(LlavaEngine engine) {
      return LlavaEmbeddingModel.builder().engine(engine).build();
    }

    @Bean
    EmbeddingModelListener listener() {
      return mock(EmbeddingModelListener.class);
    }
  }
}
