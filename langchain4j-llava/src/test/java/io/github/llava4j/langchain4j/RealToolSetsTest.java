package io.github.llava4j.langchain4j;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.output.FinishReason;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The tools of the Berkeley Function Calling Leaderboard, called by a model with random weights: whatever it calls, an
 * independent validator accepts the arguments.
 */
class RealToolSetsTest {

  private static final Path FILE = Path.of("src/test/resources/tool-sets/tool-sets.json");
  private static final SchemaRegistry VALIDATORS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private final LlavaStreamingChatModel model = LlavaStreamingChatModel.builder()
      .engine(Goldens.engine(Goldens.VICUNA)).temperature(1.2).seed(5L).maxOutputTokens(160).build();

  @Test
  void everyCallIsOneThatItsToolTakes() throws Exception {
    int asked = 0;
    int called = 0;
    for (JsonNode set : sets()) {
      List<ToolSpecification> tools = tools(set);
      for (ToolChoice choice : List.of(ToolChoice.REQUIRED, ToolChoice.AUTO)) {
        asked++;
        called += check(set, tools, choice);
      }
    }
    assertThat(asked).isEqualTo(2 * 118);
    assertThat(called).as("calls that came to their end").isGreaterThan(118 / 2);
  }

  private int check(JsonNode set, List<ToolSpecification> tools, ToolChoice choice) throws Exception {
    RecordingHandler handler = new RecordingHandler();
    model.chat(ChatRequest.builder().messages(UserMessage.from(set.get("question").asText()))
        .toolSpecifications(tools).toolChoice(choice).build(), handler);
    ChatResponse response = handler.await();
    List<ToolExecutionRequest> calls = response.aiMessage().toolExecutionRequests();
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < calls.size(); i++) {
      ToolExecutionRequest call = calls.get(i);
      int index = i;
      JsonNode tool = tool(set, call.name());
      assertThat(VALIDATORS.getSchema(tool.get("parameters").toString(), InputFormat.JSON)
          .validate(call.arguments(), InputFormat.JSON)).as("%s of %s", call, set.get("id")).isEmpty();
      assertThat(ids.add(call.id())).isTrue();
      assertThat(handler.callParts.stream().filter(part -> part.index() == index)
          .map(PartialToolCall::partialArguments).collect(Collectors.joining())).isEqualTo(call.arguments());
      assertThat(handler.calls.get(i).toolExecutionRequest()).isEqualTo(call);
    }
    assertThat(handler.calls).hasSameSizeAs(calls);
    if (response.finishReason() == FinishReason.TOOL_EXECUTION) {
      assertThat(calls).isNotEmpty();
      assertThat(response.aiMessage().text()).isNull();
    } else if (choice == ToolChoice.REQUIRED) {
      assertThat(response.finishReason()).as("a call that was cut is dropped, and that is said").isEqualTo(FinishReason.LENGTH);
    }
    return calls.size();
  }

  private static JsonNode sets() throws IOException {
    return new ObjectMapper().readTree(FILE.toFile());
  }

  private static JsonNode tool(JsonNode set, String name) {
    for (JsonNode tool : set.get("tools")) {
      if (tool.get("name").asText().equals(name)) {
        return tool;
      }
    }
    throw new AssertionError("no tool " + name + " in " + set.get("id"));
  }

  private static List<ToolSpecification> tools(JsonNode set) {
    List<ToolSpecification> tools = new ArrayList<>();
    for (JsonNode tool : set.get("tools")) {
      JsonObjectSchema.Builder parameters = JsonObjectSchema.builder();
      tool.get("parameters").path("properties").properties()
          .forEach(property -> parameters.addProperty(property.getKey(), JsonRawSchema.from(property.getValue().toString())));
      List<String> required = new ArrayList<>();
      tool.get("parameters").path("required").forEach(name -> required.add(name.asText()));
      tools.add(ToolSpecification.builder().name(tool.get("name").asText()).description(tool.path("description").asText())
          .parameters(parameters.required(required).build()).build());
    }
    return tools;
  }
}
