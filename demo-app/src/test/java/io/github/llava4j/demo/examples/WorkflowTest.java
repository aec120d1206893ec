package io.github.llava4j.demo.examples;

import java.util.Map;

import dev.langchain4j.agentic.Agent;
import dev.langchain4j.agentic.AgenticServices;
import dev.langchain4j.agentic.UntypedAgent;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.service.UserMessage;
import dev.langchain4j.service.V;
import io.github.llava4j.langchain4j.LlavaChatModel;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A workflow of langchain4j-agentic: one agent looks at a screenshot and gives a record, the other acts on the record. */
public class WorkflowTest {

  public record ErrorScreen(String heading, int code) {}

  public interface Looker {

    @UserMessage("What is the error?")
    @Agent(description = "Looks at a screenshot", outputKey = "screen")
    ErrorScreen look(@UserMessage @V("screenshot") ImageContent screenshot);
  }

  public interface Clerk {

    @UserMessage("Open a ticket for error {{screen}}.")
    @Agent(description = "Opens tickets", outputKey = "done")
    String act(@V("screen") ErrorScreen screen);
  }

  @Test
  void oneLooksAndTheOtherActs() {
    ToolAgentTest.Tickets tickets = new ToolAgentTest.Tickets();
    try (LlavaChatModel model = LlavaChatModel.builder().modelPath("mini").build()) {
      Looker looker = AgenticServices.agentBuilder(Looker.class).chatModel(model).build();
      Clerk clerk = AgenticServices.agentBuilder(Clerk.class).chatModel(model).tools(tickets).build();
      UntypedAgent workflow = AgenticServices.sequenceBuilder().subAgents(looker, clerk).outputKey("done").build();

      Object done = workflow.invoke(Map.of("screenshot", Pictures.ERROR));

      assertThat(tickets.opened).containsExactly(800);
      assertThat(done).asString().contains("17");
    }
  }
}
