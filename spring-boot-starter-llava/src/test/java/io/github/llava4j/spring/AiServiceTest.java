package io.github.llava4j.spring;

import java.util.List;

import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.service.Result;
import dev.langchain4j.service.UserMessage;
import dev.langchain4j.service.spring.AiService;
import dev.langchain4j.spring.LangChain4jAutoConfig;
import io.github.llava4j.engine.LlavaEngine;
import io.github.llava4j.langchain4j.LlavaChatModel;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** LangChain4j's declarative services find the models and pass pictures on. */
class AiServiceTest {

  @AiService
  interface Describer {

    String describe(@UserMessage String question, @UserMessage ImageContent image);

    Result<String> compare(@UserMessage String question, @UserMessage List<ImageContent> images);
  }

  @Test
  void aServiceAsksAboutPictures() {
    new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(LangChain4jAutoConfig.class, LlavaAutoConfiguration.class))
        .withInitializer(context -> AutoConfigurationPackages.register(
            (BeanDefinitionRegistry) context.getBeanFactory(), AiServiceTest.class.getPackageName()))
        .withPropertyValues(
            "langchain4j.llava.model-path=" + TestModel.PATH,
            "langchain4j.llava.threads=1",
            "langchain4j.llava.chat-model.max-output-tokens=8")
        .run(context -> {
          Describer describer = context.getBean(Describer.class);
          ImageContent image = ImageContent.from(TestModel.IMAGE, "image/png");
          LlavaChatModel model = LlavaChatModel.builder()
              .engine(context.getBean(LlavaEngine.class)).maxOutputTokens(8).build();
          String direct = model.chat(dev.langchain4j.data.message.UserMessage.from(
              dev.langchain4j.data.message.TextContent.from("What is it?"), image)).aiMessage().text();
          assertThat(describer.describe("What is it?", image)).isNotBlank().isEqualTo(direct);

          Result<String> two = describer.compare("What differs?", List.of(image, image));
          assertThat(two.tokenUsage().inputTokenCount()).isGreaterThan(2 * 76);
        });
  }

  @AiService
  interface Talk {

    String ask(@UserMessage String question, @UserMessage ImageContent image);

    @UserMessage("And now?")
    String goOn();
  }

  @Test
  void aPictureThatCannotBeReadStaysInTheMemoryAndTheMessageSaysWhatToDo() {
    new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(LangChain4jAutoConfig.class, LlavaAutoConfiguration.class))
        .withInitializer(context -> AutoConfigurationPackages.register(
            (BeanDefinitionRegistry) context.getBeanFactory(), AiServiceTest.class.getPackageName()))
        .withBean(ChatMemory.class, () -> MessageWindowChatMemory.withMaxMessages(10))
        .withPropertyValues(
            "langchain4j.llava.model-path=" + TestModel.PATH,
            "langchain4j.llava.threads=1",
            "langchain4j.llava.chat-model.max-output-tokens=1")
        .run(context -> {
          Talk talk = context.getBean(Talk.class);
          ImageContent damaged = ImageContent.from("iVBORw0KGgo=", "image/png");

          assertThatThrownBy(() -> talk.ask("What is it?", damaged)).hasMessageStartingWith("image 1: ");
          assertThatThrownBy(talk::goOn)
              .hasMessageContaining("image 1 (in message 1 of 2; to go on without it, remove that message from the chat memory)");
          context.getBean(ChatMemory.class).clear();
          assertThat(talk.goOn()).isNotNull();
        });
  }
}
