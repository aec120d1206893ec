package io.github.llava4j.langchain4j;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.langchain4j.model.output.FinishReason;
import io.github.llava4j.engine.TokenLogprob;
import io.github.llava4j.langchain4j.json.Validation;
import io.github.llava4j.langchain4j.tool.ToolGrammar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tool calls of models with random weights: whatever they answer, it must be a call that can be executed, or words. */
class ToolCallTest {

  private static final UserMessage QUESTION = UserMessage.from("What is the weather?");
  private static final ToolSpecification WEATHER = tool("getWeather", JsonObjectSchema.builder()
      .addEnumProperty("unit", List.of("C", "F")).addIntegerProperty("days").required("unit", "days").build());
  private static final ToolSpecification TIME = ToolSpecification.builder().name("time").build();

  private static ToolSpecification tool(String name, JsonObjectSchema parameters) {
    return ToolSpecification.builder().name(name).parameters(parameters).build();
  }

  @ParameterizedTest
  @EnumSource(names = {"AUTO", "REQUIRED"})
  void randomToolsAreCalledAsTheirSchemasSay(ToolChoice choice) throws Exception {
    Random random = new Random(7);
    int answers = 0;
    int called = 0;
    for (int round = 0; round < 25; round++) {
      List<ToolSpecification> tools = randomTools(random);
      LlavaChatRequestParameters parameters = parameters()
          .toolSpecifications(tools).toolChoice(choice).temperature(1.0).seed((long) round).maxOutputTokens(90).build();
      ChatResponse response = chat(parameters);
      RecordingHandler heard = stream(parameters);
      assertSame(response, heard);
      List<ToolExecutionRequest> calls = response.aiMessage().toolExecutionRequests();
      calls.forEach(call -> assertValid(call, tools));
      assertThat(calls).extracting(ToolExecutionRequest::id).doesNotHaveDuplicates().doesNotContainNull();
      assertThat(calls.size()).isLessThanOrEqualTo(4);
      answers += calls.isEmpty() ? 1 : 0;
      called += calls.isEmpty() ? 0 : 1;
      if (choice == ToolChoice.REQUIRED) {
        assertThat(response.finishReason())
            .isIn(calls.isEmpty() ? Set.of(FinishReason.LENGTH) : Set.of(FinishReason.LENGTH, FinishReason.TOOL_EXECUTION));
        assertThat(response.aiMessage().text()).isNullOrEmpty();
      }
    }
    assertThat(called).isPositive();
    assertThat(answers).isGreaterThanOrEqualTo(choice == ToolChoice.AUTO ? 1 : 0);
  }

  /** What is streamed is what the answer holds, piece by piece, and the same answer comes from both models. */
  private static void assertSame(ChatResponse response, RecordingHandler heard) throws Exception {
    ChatResponse streamed = heard.await();
    assertThat(contents(streamed)).isEqualTo(contents(response));
    assertThat(streamed.finishReason()).isEqualTo(response.finishReason());
    assertThat(heard.errors).isEmpty();
    assertThat(heard.threads).hasSize(1);
    String text = streamed.aiMessage().text();
    assertThat(String.join("", heard.parts)).isEqualTo(text == null ? "" : text);
    List<ToolExecutionRequest> calls = streamed.aiMessage().toolExecutionRequests();
    assertThat(heard.calls).extracting(call -> call.toolExecutionRequest()).isEqualTo(calls);
    assertThat(heard.calls).extracting(call -> call.index())
        .isEqualTo(IntStream.range(0, calls.size()).boxed().toList());
    assertThat(heard.callParts).allSatisfy(part -> assertThat(part.partialArguments()).isNotBlank());
    for (int i = 0; i < calls.size(); i++) {
      int index = i;
      List<PartialToolCall> parts = heard.callParts.stream().filter(part -> part.index() == index).toList();
      ToolExecutionRequest call = calls.get(i);
      assertThat(parts).allSatisfy(part -> {
        assertThat(part.id()).isEqualTo(call.id());
        assertThat(part.name()).isEqualTo(call.name());
      });
      assertThat(parts.stream().map(PartialToolCall::partialArguments).collect(Collectors.joining()))
          .isEqualTo(call.arguments());
    }
  }

  private static List<String> contents(ChatResponse response) {
    AiMessage message = response.aiMessage();
    return Stream.concat(
        Stream.of("" + message.text()),
        message.toolExecutionRequests().stream().map(call -> call.name() + call.arguments())).toList();
  }

  private static List<ToolSpecification> randomTools(Random random) {
    List<ToolSpecification> tools = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextInt(3); i++) {
      JsonObjectSchema.Builder parameters = JsonObjectSchema.builder();
      Set<String> required = new HashSet<>();
      for (int j = 0; j < random.nextInt(4); j++) {
        String name = "p" + j;
        switch (random.nextInt(5)) {
          case 0 -> parameters.addEnumProperty(name, List.of("a", "b \"c\"", "größe"));
          case 1 -> parameters.addIntegerProperty(name);
          case 2 -> parameters.addBooleanProperty(name);
          case 3 -> parameters.addProperty(name, JsonArraySchema.builder().items(new JsonIntegerSchema()).build());
          default -> parameters.addStringProperty(name);
        }
        required.add(name);
      }
      tools.add(tool("tool" + "x".repeat(i), parameters.required(List.copyOf(required)).build()));
    }
    return tools;
  }

  private static void assertValid(ToolExecutionRequest call, List<ToolSpecification> tools) {
    ToolSpecification tool =
        tools.stream().filter(one -> one.name().equals(call.name())).findFirst().orElseThrow();
    assertThat(Validation.misses(tool, call.arguments())).as(call.arguments()).isEmpty();
  }

  @Test
  void whereNoToolMayBeCalledThePromptKnowsNone() {
    ChatResponse none = chat(parameters().toolSpecifications(WEATHER, TIME).toolChoice(ToolChoice.NONE).build());
    ChatResponse without = chat(parameters().build());
    assertThat(contents(none)).isEqualTo(contents(without));
    assertThat(none.tokenUsage().inputTokenCount()).isEqualTo(without.tokenUsage().inputTokenCount());
  }

  @Test
  void aSingleToolThatMustBeCalledIsCalled() throws Exception {
    LlavaChatRequestParameters parameters =
        parameters().toolSpecifications(TIME).toolChoice(ToolChoice.REQUIRED).maxToolCalls(1).build();
    ChatResponse response = chat(parameters);
    assertThat(contents(response)).containsExactly("null", "time{}");
    assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
    assertThat(metadata(response).toolDecisionProbability()).isNull();
    RecordingHandler heard = stream(parameters);
    assertSame(response, heard);
    assertThat(heard.callParts).extracting(PartialToolCall::partialArguments).containsExactly("{}");
  }

  @Test
  void calledAsOftenAsAllowed() {
    Set<Integer> counts = new HashSet<>();
    for (long seed = 0; seed < 30; seed++) {
      ChatResponse response = chat(parameters().toolSpecifications(TIME).toolChoice(ToolChoice.REQUIRED)
          .maxToolCalls(3).temperature(1.0).seed(seed).build());
      counts.add(response.aiMessage().toolExecutionRequests().size());
      assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
    }
    assertThat(counts).contains(3).isSubsetOf(1, 2, 3);
  }

  @Test
  void aCallThatTheTokenLimitCutsIsDropped() throws Exception {
    int dropped = 0;
    int complete = 0;
    for (int limit = 1; limit <= 60; limit++) {
      LlavaChatRequestParameters parameters = parameters().toolSpecifications(WEATHER, TIME)
          .toolChoice(ToolChoice.REQUIRED).maxOutputTokens(limit).temperature(1.0).seed(5L).build();
      RecordingHandler heard = new RecordingHandler();
      streaming().chat(request(parameters, QUESTION), heard);
      ChatResponse response;
      try {
        response = heard.await();
      } catch (ExecutionException e) {
        assertThat(e.getCause())
            .isExactlyInstanceOf(InvalidRequestException.class).hasMessageContaining("room for " + limit);
        continue;
      }
      assertSame(response, heard);
      List<ToolExecutionRequest> calls = response.aiMessage().toolExecutionRequests();
      calls.forEach(call -> assertValid(call, List.of(WEATHER, TIME)));
      boolean cut = response.finishReason() == FinishReason.LENGTH;
      dropped += cut ? 1 : 0;
      complete += cut ? 0 : 1;
      assertThat(response.finishReason()).isIn(FinishReason.LENGTH, FinishReason.TOOL_EXECUTION);
      assertThat(response.tokenUsage().outputTokenCount()).isLessThanOrEqualTo(limit);
    }
    assertThat(dropped).isPositive();
    assertThat(complete).isPositive();
  }

  @Test
  void aCancelledCallIsNeverComplete() throws Exception {
    RecordingHandler heard = new RecordingHandler();
    heard.onPart = StreamingHandle::cancel;
    LlavaChatRequestParameters parameters =
        parameters().toolSpecifications(WEATHER).toolChoice(ToolChoice.REQUIRED).temperature(1.0).seed(1L).build();
    StreamingHandle handle = streaming().start(request(parameters, QUESTION), heard);
    // The engine has one place: the next answer comes only when the cancelled one has left it.
    assertThat(chat(parameters().build()).finishReason()).isNotNull();
    assertThat(handle.isCancelled()).isTrue();
    assertThat(heard.callParts).hasSize(1);
    assertThat(heard.calls).isEmpty();
    assertThat(heard.completed()).isFalse();
    assertThat(heard.errors).isEmpty();
  }

  @Test
  void theUsersStopSequencesCutCallsAndAnswersButNotTheDecision() throws Exception {
    LlavaChatRequestParameters.Builder must =
        parameters().toolSpecifications(WEATHER).toolChoice(ToolChoice.REQUIRED).maxToolCalls(1);
    ChatResponse cut = chat(must.stopSequences(List.of("\"unit\"")).build());
    assertThat(contents(cut)).containsExactly("");
    assertThat(cut.finishReason()).isEqualTo(FinishReason.STOP);
    // A line break is part of every decision, and of no arguments in this style.
    ChatResponse whole = chat(must.jsonStyle(JsonStyle.COMPACT).stopSequences(List.of("\n", "Action")).build());
    assertThat(whole.aiMessage().toolExecutionRequests()).hasSize(1);

    LlavaChatRequestParameters.Builder may = answering();
    String full = chat(may.build()).aiMessage().text();
    String stop = full.substring(full.length() / 2, full.length() / 2 + 3);
    LlavaChatRequestParameters stopping = may.stopSequences(List.of(stop, "Action")).build();
    ChatResponse stopped = chat(stopping);
    assertThat(stopped.aiMessage().text()).isEqualTo(full.substring(0, full.indexOf(stop)));
    assertThat(stopped.finishReason()).isEqualTo(FinishReason.STOP);
    assertSame(stopped, stream(stopping));
  }

  /** A request that is answered in words, with a tool that could be called. */
  private static LlavaChatRequestParameters.Builder answering() {
    for (long seed = 0; seed < 100; seed++) {
      LlavaChatRequestParameters.Builder parameters =
          parameters().toolSpecifications(TIME).temperature(1.0).seed(seed).maxOutputTokens(40);
      AiMessage message = chat(parameters.build()).aiMessage();
      if (!message.hasToolExecutionRequests() && message.text().length() > 20) {
        return parameters;
      }
    }
    throw new AssertionError("no seed makes the model answer in words");
  }

  @Test
  void aThoughtIsHandedOverAndNotStreamed() throws Exception {
    LlavaChatRequestParameters parameters = parameters().toolSpecifications(TIME, WEATHER)
        .toolChoice(ToolChoice.REQUIRED).maxToolCalls(1).toolThought(30).temperature(1.0).seed(1L).build();
    ChatResponse response = chat(parameters);
    assertThat(response.aiMessage().thinking()).isNotBlank().hasSizeLessThanOrEqualTo(30).doesNotContain("\n");
    assertThat(response.aiMessage().toolExecutionRequests()).hasSize(1);
    assertThat(metadata(response).toolDecisionProbability()).isBetween(0.0, 1.0);
    RecordingHandler heard = stream(parameters);
    assertSame(response, heard);
    assertThat(heard.thoughts).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"answer", "a.b-c d", "get", "größe", " x ", "Action: answer"})
  void oddNamesAndNamesThatBeginOtherNames(String name) {
    List<ToolSpecification> tools = List.of(
        ToolSpecification.builder().name(name).build(), ToolSpecification.builder().name(name + "er").build(),
        ToolSpecification.builder().name(name + name).build());
    Set<String> called = new HashSet<>();
    for (long seed = 0; seed < 40; seed++) {
      chat(parameters().toolSpecifications(tools).toolChoice(ToolChoice.REQUIRED).temperature(50.0).seed(seed).build())
          .aiMessage().toolExecutionRequests().forEach(call -> called.add(call.name()));
    }
    assertThat(called).containsExactlyInAnyOrder(name, name + "er", name + name);
  }

  @Test
  void theProbabilityOfADecisionIsThatOfItsTokens() {
    LlavaChatRequestParameters parameters = parameters().toolSpecifications(WEATHER, TIME)
        .temperature(1.0).seed(2L).logprobs(2).maxOutputTokens(30).build();
    LlavaChatResponseMetadata metadata = metadata(chat(parameters));
    double product = 1;
    StringBuilder text = new StringBuilder();
    for (TokenLogprob token : metadata.logprobs()) {
      if (text.toString().strip().contains("\n")) {
        break;
      }
      assertThat(token.top()).hasSize(2);
      product *= Math.exp(token.constrained());
      text.append(token.text());
    }
    assertThat(metadata.toolDecisionProbability()).isBetween(0.0, 1.0);
    assertThat(metadata.toolDecisionProbability()).isCloseTo(product, org.assertj.core.data.Offset.offset(1e-9));
    assertThat(metadata(chat(parameters().toolSpecifications(TIME).build())).logprobs()).isEmpty();
  }

  @Test
  void whatAToolsSchemaAsksInVainIsSaidWithTheToolsName() {
    ToolSpecification impossible = tool("bad", JsonObjectSchema.builder()
        .addProperty("x", JsonRawSchema.from("{\"type\": \"string\", \"minLength\": 3, \"maxLength\": 2}"))
        .required("x").build());
    assertThatThrownBy(() -> chat(parameters().toolSpecifications(TIME, impossible).build()))
        .isExactlyInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("tool bad").hasMessageContaining("/properties/x");
  }

  @Test
  void whatAGrammarCannotExpressOfAToolIsLeftToTheToolWithOneWarning() {
    ToolSpecification odd = tool("odd", JsonObjectSchema.builder()
        .addProperty("x", JsonRawSchema.from(
            "{\"type\": \"array\", \"items\": {\"type\": \"integer\"}, \"contains\": {\"const\": 3}, \"maxItems\": 3}"))
        .required("x").build());
    try (RecordedLog log = new RecordedLog(ToolGrammar.class)) {
      for (int maxCalls = 1; maxCalls <= 2; maxCalls++) {
        ChatResponse response = chat(parameters().toolSpecifications(odd).toolChoice(ToolChoice.REQUIRED)
            .maxToolCalls(maxCalls).temperature(1.0).seed(1L).maxOutputTokens(200).build());
        assertThat(response.aiMessage().toolExecutionRequests()).isNotEmpty();
        assertThat(response.aiMessage().toolExecutionRequests().getFirst().arguments()).startsWith("{").endsWith("}");
      }
      assertThat(log.lines()).singleElement().asString().contains("odd", "contains", "/properties/x");
    }
  }

  @Test
  void requestsThatContradictThemselvesAreRefused() {
    assertThatThrownBy(() -> chat(parameters().toolChoice(ToolChoice.REQUIRED).build()))
        .isExactlyInstanceOf(InvalidRequestException.class).hasMessageContaining("at least one tool");
    assertThatThrownBy(() -> chat(parameters().toolSpecifications(TIME).maxToolCalls(0).build()))
        .isExactlyInstanceOf(InvalidRequestException.class).hasMessageContaining("maxToolCalls");
    assertThatThrownBy(() -> chat(parameters().toolSpecifications(TIME).toolThought(-1).build()))
        .isExactlyInstanceOf(InvalidRequestException.class).hasMessageContaining("toolThought");
    assertThatThrownBy(() -> chat(parameters().toolSpecifications(TIME, TIME).build()))
        .isExactlyInstanceOf(InvalidRequestException.class).hasMessageContaining("\"time\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {Goldens.VICUNA, Goldens.MISTRAL, Goldens.LLAVA_15})
  void resultsWithPicturesGoBackToEveryModel(String golden) {
    LlavaChatModel model = LlavaChatModel.builder().engine(Goldens.engine(golden)).maxOutputTokens(8).build();
    ToolExecutionRequest call = ToolExecutionRequest.builder().id("1").name("time").arguments("{}").build();
    ToolExecutionRequest second = ToolExecutionRequest.builder().id("2").name("time").arguments("{}").build();
    ToolExecutionResultMessage picture = ToolExecutionResultMessage.builder().id("1").toolName("time")
        .contents(List.of(TextContent.from("see"), Goldens.image(Goldens.VICUNA, "tiny_5x4.png"))).build();
    List<ChatMessage> messages = List.of(
        QUESTION, AiMessage.from(call, second), picture, ToolExecutionResultMessage.from(second, "10:14"),
        UserMessage.from("And now?"));
    ChatResponse response = model.chat(ChatRequest.builder().messages(messages)
        .parameters(parameters().toolSpecifications(TIME).maxOutputTokens(30).build()).build());
    assertThat(metadata(response).imageTokenCount()).isPositive();
    List<ChatMessage> shorter = messages.subList(0, 2);
    assertThat(model.tokenCountEstimator().estimateTokenCountInMessages(messages))
        .isGreaterThan(model.tokenCountEstimator().estimateTokenCountInMessages(shorter));
  }

  private static ChatResponse chat(LlavaChatRequestParameters parameters) {
    return LlavaChatModel.builder().engine(Goldens.engine(Goldens.VICUNA)).build().chat(request(parameters, QUESTION));
  }

  private static RecordingHandler stream(LlavaChatRequestParameters parameters) throws Exception {
    RecordingHandler handler = new RecordingHandler();
    streaming().chat(request(parameters, QUESTION), handler);
    handler.await();
    return handler;
  }

  private static LlavaStreamingChatModel streaming() {
    return LlavaStreamingChatModel.builder().engine(Goldens.engine(Goldens.VICUNA)).build();
  }

  private static ChatRequest request(LlavaChatRequestParameters parameters, ChatMessage... messages) {
    return ChatRequest.builder().messages(messages).parameters(parameters).build();
  }

  private static LlavaChatRequestParameters.Builder parameters() {
    return LlavaChatRequestParameters.builder().maxOutputTokens(80);
  }

  private static LlavaChatResponseMetadata metadata(ChatResponse response) {
    return (LlavaChatResponseMetadata) response.metadata();
  }
}
