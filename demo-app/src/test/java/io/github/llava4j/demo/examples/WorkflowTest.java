package io.github.llava4j.demo.examples;

import java.nio.file.Path;
import java.util.Map;

import dev.langchain4j.agentic.Agent;
import dev.langchain4j.agentic.AgenticServices;
import dev.langchain4j.agentic.UntypedAgent;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.service.Result;
import dev.langchain4j.service.UserMessage;
import dev.langchain4j.service.V;
import io.github.llava4j.engine.EngineOptions;
import io.github.llava4j.engine.LlavaEngine;
import io.github.llava4j.langchain4j.LlavaChatModel;
import io.github.llava4j.langchain4j.LlavaChatRequestParameters;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A workflow of langchain4j-agentic: one agent looks at a picture and gives a record, the other acts on the record with a
 * tool. Both share an engine.
 */
public class WorkflowTest {

  /** What the first agent sees. */
  public record Shape(String shape, String color) {}

  /** Looks. */
  public interface Looker {

    @UserMessage("Describe the shape.")
    @Agent(description = "Looks at a picture", outputKey = "seen")
    Shape look(@UserMessage @V("picture") ImageContent picture);
  }

  /** Acts. */
  public interface Worker {

    @UserMessage("Paint the wall {{seen}}.")
    @Agent(description = "Paints", outputKey = "done")
    Result<String> act(@V("seen") Shape seen);
  }

  @Test
  void oneLooksAndTheOtherActs() {
    ToolAgentTest.Brush brush = new ToolAgentTest.Brush();
    try (LlavaEngine engine = LlavaEngine.open(EngineOptions.builder(Path.of("mini")).build())) {
      LlavaChatRequestParameters call = LlavaChatRequestParameters.builder()
          .toolChoice(ToolChoice.REQUIRED).maxToolCalls(1).build();
      Looker looker = AgenticServices.agentBuilder(Looker.class)
          .chatModel(LlavaChatModel.builder().engine(engine).build()).build();
      Worker worker = AgenticServices.agentBuilder(Worker.class)
          .chatModel(LlavaChatModel.builder().engine(engine).defaultRequestParameters(call).build()).tools(brush).build();
      UntypedAgent workflow = AgenticServices.sequenceBuilder().subAgents(looker, worker)
          .output(scope -> scope.readState("seen")).build();

      assertThat(workflow.invoke(Map.of("picture", Pictures.CIRCLE))).isEqualTo(new Shape("circle", "red"));
      assertThat(brush.painted).hasSize(1);
    }
  }
}
