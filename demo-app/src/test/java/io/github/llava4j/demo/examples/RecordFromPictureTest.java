package io.github.llava4j.demo.examples;

import java.util.List;

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

  record Shape(String shape, String color) {}

  enum Color { RED, GREEN, BLUE }

  /** A value from a list, and a record in a list. */
  record Drawing(boolean colored, Color color, List<Shape> shapes) {}

  @AiService
  interface Reader {

    Shape read(@UserMessage ImageContent image);

    Drawing drawing(@UserMessage ImageContent image);
  }

  @Test
  void byHand() {
    try (LlavaChatModel model = LlavaChatModel.builder().modelPath("mini").build()) {
      Reader reader = AiServices.create(Reader.class, model);

      assertThat(reader.read(Pictures.CIRCLE)).isEqualTo(new Shape("circle", "red"));
    }
  }

  @Test
  void asABean() {
    new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(LangChain4jAutoConfig.class, LlavaAutoConfiguration.class))
        .withInitializer(context -> AutoConfigurationPackages.register(
            (BeanDefinitionRegistry) context.getBeanFactory(), RecordFromPictureTest.class.getPackageName()))
        .withPropertyValues("langchain4j.llava.model-path=mini")
        .run(context ->
            assertThat(context.getBean(Reader.class).read(Pictures.CIRCLE)).isEqualTo(new Shape("circle", "red")));
  }

  /** What llava-mini never learnt: the form is right whatever it says. */
  @Test
  void anyRecordIsFilled() {
    try (LlavaChatModel model = LlavaChatModel.builder().modelPath("mini").maxOutputTokens(200).build()) {
      Drawing drawing = AiServices.create(Reader.class, model).drawing(Pictures.CIRCLE);

      assertThat(drawing.color()).isNotNull();
      assertThat(drawing.shapes()).isNotNull();
    }
  }
}
