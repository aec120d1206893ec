package io.github.llava4j.demo.examples;

import java.util.ArrayList;
import java.util.List;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.ReturnBehavior;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.Result;
import dev.langchain4j.service.UserMessage;
import io.github.llava4j.langchain4j.LlavaChatModel;
import io.github.llava4j.langchain4j.LlavaChatRequestParameters;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An assistant that looks at a picture and calls a tool. llava-mini has not learnt when to call and with what, so this asks
 * for a call, and its arguments are valid rather than right.
 */
class ToolAgentTest {

  enum Color { RED, GREEN, BLUE, YELLOW }

  static final class Brush {

    final List<Color> painted = new ArrayList<>();

    @Tool(value = "Paints the wall.", returnBehavior = ReturnBehavior.IMMEDIATE)
    String paint(@P("the color of the wall") Color color) {
      painted.add(color);
      return "painted";
    }
  }

  interface Painter {

    Result<String> ask(@UserMessage String question, @UserMessage ImageContent picture);
  }

  /** A call is asked for, and one is enough. */
  static LlavaChatModel.Builder calling() {
    return LlavaChatModel.builder().modelPath("mini").defaultRequestParameters(LlavaChatRequestParameters.builder()
        .toolChoice(ToolChoice.REQUIRED).maxToolCalls(1).maxIntegerDigits(9).build());
  }

  @Test
  void theToolIsCalledWithAValueThatItTakes() {
    Brush brush = new Brush();
    try (LlavaChatModel model = calling().build()) {
      Painter painter = AiServices.builder(Painter.class)
          .chatModel(model).tools(brush).chatMemory(MessageWindowChatMemory.withMaxMessages(10)).build();

      Result<String> result = painter.ask("Paint the wall like the circle.", Pictures.CIRCLE);

      assertThat(brush.painted).hasSize(1);
      assertThat(result.toolExecutions()).singleElement()
          .satisfies(execution -> assertThat(execution.result()).isEqualTo("painted"));
    }
  }

  @Test
  void withoutAnyNeedItAnswersInWords() {
    Brush brush = new Brush();
    try (LlavaChatModel model = LlavaChatModel.builder().modelPath("mini")
        .defaultRequestParameters(LlavaChatRequestParameters.builder().toolChoice(ToolChoice.NONE).build()).build()) {
      Painter painter = AiServices.builder(Painter.class).chatModel(model).tools(brush).build();

      assertThat(painter.ask("What color is the circle?", Pictures.CIRCLE).content()).isEqualTo("red");
      assertThat(brush.painted).isEmpty();
    }
  }
}
