package io.github.llava4j.demo.examples;

import java.util.ArrayList;
import java.util.List;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.Result;
import dev.langchain4j.service.UserMessage;
import io.github.llava4j.langchain4j.LlavaChatModel;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** An assistant that looks at a screenshot and calls a tool with what it reads there, or answers by itself. */
class ToolAgentTest {

  static final class Tickets {

    final List<Integer> opened = new ArrayList<>();

    @Tool("Opens a ticket for an error.")
    String openTicket(@P("the error code") int code) {
      opened.add(code);
      return "Ticket 17 is open.";
    }
  }

  interface Support {

    Result<String> ask(@UserMessage String question, @UserMessage ImageContent screenshot);
  }

  @Test
  void callsTheToolWithWhatItReads() {
    Tickets tickets = new Tickets();
    try (LlavaChatModel model = LlavaChatModel.builder().modelPath("mini").build()) {
      Support support = AiServices.builder(Support.class)
          .chatModel(model).tools(tickets).chatMemory(MessageWindowChatMemory.withMaxMessages(10)).build();

      Result<String> result = support.ask("Open a ticket for this error.", Pictures.ERROR);

      assertThat(tickets.opened).containsExactly(800);
      assertThat(result.toolExecutions()).hasSize(1);
      assertThat(result.content()).contains("17");
    }
  }

  @Test
  void answersByItselfWhatItCanSee() {
    Tickets tickets = new Tickets();
    try (LlavaChatModel model = LlavaChatModel.builder().modelPath("mini").build()) {
      Support support = AiServices.builder(Support.class).chatModel(model).tools(tickets).build();

      assertThat(support.ask("What color is the circle?", Pictures.CIRCLE).content()).isEqualTo("red");
      assertThat(tickets.opened).isEmpty();
    }
  }
}
