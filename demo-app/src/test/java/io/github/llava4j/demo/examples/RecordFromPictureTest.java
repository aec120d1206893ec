package io.github.llava4j.demo.examples;

import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.UserMessage;
import dev.langchain4j.service.spring.AiService;
import dev.langchain4j.spring.LangChain4jAutoConfig;
import io.github.llava4j.langchain4j.LlavaChatModel;
import io.github.llava4j.spring.LlavaAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/** The README's second example: a record from a picture, by hand and as a bean. */
class RecordFromPictureTest {

  record Invoice(String heading, int total) {}

  @AiService
  interface Reader {

    Invoice read(@UserMessage ImageContent image);
  }

  @Test
  void byHand() {
    try (LlavaChatModel model = LlavaChatModel.builder().modelPath("mini").build()) {
      Reader reader = AiServices.create(Reader.class, model);
      assertThat(reader.read(Pictures.INVOICE)).isEqualTo(new Invoice("Invoice", 204));
    }
  }

  @Test
  void asABean() {
    new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(LangChain4jAutoConfig.class, LlavaAutoConfiguration.class))
        .withInitializer(context -> AutoConfigurationPackages.register(
            (BeanDefinitionRegistry) context.getBeanFactory(), RecordFromPictureTest.class.getPackageName()))
        .withPropertyValues("langchain4j.llava.model-path=mini")
        .run(context -> assertThat(context.getBean(Reader.class).read(Pictures.INVOICE)).isEqualTo(new Invoice("Invoice", 204)));
  }
}
