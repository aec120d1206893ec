package io.github.llava4j.langchain4j;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.common.ChatResponseAndStreamingMetadata;
import dev.langchain4j.model.chat.common.StreamingMetadata;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.FinishReason;
import io.github.llava4j.langchain4j.json.SchemaNodes;
import io.github.llava4j.langchain4j.json.Validation;
import org.mockito.InOrder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.Mockito.atLeast;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.verifyNoMoreInteractions;

/**
 * LangChain4j's contract tests of tools and formats for a model that knows no Munich: it draws until it decides as the test
 * wants, and then everything is asserted but the city.
 */
final class KnowledgeFreeTools {

  private static final JsonObjectSchema CITY = JsonObjectSchema.builder().addStringProperty("city").build();
  private static final ToolSpecification WEATHER =
      ToolSpecification.builder().name("getWeather").parameters(CITY).build();
  private static final ToolSpecification ADD = ToolSpecification.builder().name("add_two_numbers")
      .parameters(JsonObjectSchema.builder().addIntegerProperty("a").addIntegerProperty("b").build()).build();
  private static final ToolSpecification NOW = ToolSpecification.builder().name("get_current_time").build();
  private static final UserMessage MUNICH = UserMessage.from("What is the weather in Munich?");
  private static final int TRIES = 100;

  private final Function<ChatRequest, ChatResponseAndStreamingMetadata> chat;

  KnowledgeFreeTools(Function<ChatRequest, ChatResponseAndStreamingMetadata> chat) {
    this.chat = chat;
  }

  void toolThenAnswer() {
    AiMessage call = call(parameters(WEATHER), 1, MUNICH);
    assertValid(call.toolExecutionRequests().getFirst(), WEATHER);
    answer(parameters(WEATHER), MUNICH, call, result(call, 0, "sunny"));
  }

  void toolWithoutArguments() {
    AiMessage call = call(parameters(NOW), 1, MUNICH);
    assertThat(call.toolExecutionRequests().getFirst().arguments()).isEqualTo("{}");
    answer(parameters(NOW), MUNICH, call, result(call, 0, "10:14"));
  }

  /** What is drawn wildly enough for two calls would not end a string: so there are only two cities. */
  void toolsInParallel() {
    ToolSpecification weather = ToolSpecification.builder().name("getWeather")
        .parameters(JsonObjectSchema.builder().addEnumProperty("city", List.of("Munich", "Paris")).build()).build();
    ToolSpecification time = ToolSpecification.builder().name("getTime")
        .parameters(JsonObjectSchema.builder().addEnumProperty("country", List.of("Germany", "France")).build()).build();
    AiMessage calls = call(parameters(weather, time), 2, MUNICH);
    answer(parameters(weather, time), MUNICH, calls, result(calls, 0, "sunny"), result(calls, 1, "14:35"));
  }

  void anyTool() {
    ChatResponse response =
        chat.apply(request(required(WEATHER, ADD), UserMessage.from("I live in Munich"))).chatResponse();
    assertCalled(response, 1);
    ToolExecutionRequest call = response.aiMessage().toolExecutionRequests().getFirst();
    assertValid(call, call.name().equals("getWeather") ? WEATHER : ADD);
  }

  void specificTool() {
    ChatResponse response = chat.apply(request(required(WEATHER), UserMessage.from("I live in Munich"))).chatResponse();
    assertCalled(response, 1);
    assertValid(response.aiMessage().toolExecutionRequests().getFirst(), WEATHER);
  }

  /** One call, and room enough that it comes to its end. */
  private static LlavaChatRequestParameters.Builder required(ToolSpecification... tools) {
    return parameters(tools).toolChoice(ToolChoice.REQUIRED).maxToolCalls(1);
  }

  void toolThenJson() {
    JsonSchemaElement weather =
        JsonObjectSchema.builder().addEnumProperty("weather", List.of("sunny", "rainy")).build();
    LlavaChatRequestParameters.Builder parameters = parameters(WEATHER).responseFormat(format(weather));
    AiMessage call = call(parameters, 1, MUNICH);
    String text = answer(parameters, MUNICH, call, result(call, 0, "sunny"));
    assertThat(Validation.misses(SchemaNodes.of(weather), text)).isEmpty();
  }

  void json() {
    JsonSchemaElement any = JsonRawSchema.from("{\"type\": \"object\"}");
    assertJson(parameters().responseFormat(ResponseFormat.JSON), any);
  }

  void jsonWithSchema() {
    JsonSchemaElement city = CITY.toBuilder().required("city").build();
    assertJson(parameters().responseFormat(format(city)), city);
  }

  void jsonWithRawSchema() {
    JsonSchemaElement raw = JsonRawSchema.from("""
        {
          "$schema": "http://json-schema.org/draft-07/schema#",
          "type": "object",
          "properties": {"city": {"type": "string"}},
          "required": ["city"],
          "additionalProperties": false
        }""");
    assertJson(parameters().responseFormat(format(raw)), raw);
  }

  private void assertJson(LlavaChatRequestParameters.Builder parameters, JsonSchemaElement schema) {
    ChatResponse response = first(parameters, all -> all.finishReason() == FinishReason.STOP,
        UserMessage.from("What is the capital of Germany?")).chatResponse();
    assertThat(Validation.misses(SchemaNodes.of(schema), response.aiMessage().text())).isEmpty();
    assertThat(response.aiMessage().toolExecutionRequests()).isEmpty();
    assertUsage(response);
  }

  private static ResponseFormat format(JsonSchemaElement root) {
    return ResponseFormat.builder().type(ResponseFormatType.JSON)
        .jsonSchema(JsonSchema.builder().name("Answer").rootElement(root).build()).build();
  }

  /** An answer that is so many calls. */
  private AiMessage call(LlavaChatRequestParameters.Builder parameters, int count, ChatMessage... messages) {
    ChatResponseAndStreamingMetadata answer = first(
        parameters, response -> response.aiMessage().toolExecutionRequests().size() == count
            && response.finishReason() == FinishReason.TOOL_EXECUTION, messages);
    ChatResponse response = answer.chatResponse();
    assertCalled(response, count);
    if (answer.streamingMetadata() != null) {
      assertStreamed(answer.streamingMetadata(), response);
    }
    return response.aiMessage();
  }

  private static void assertCalled(ChatResponse response, int count) {
    AiMessage message = response.aiMessage();
    assertThat(message.toolExecutionRequests()).hasSize(count);
    assertThat(message.toolExecutionRequests()).extracting(ToolExecutionRequest::id)
        .doesNotHaveDuplicates().allSatisfy(id -> assertThat(id).isNotBlank());
    assertThat(message.text()).isNull();
    assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
    assertUsage(response);
  }

  private static void assertUsage(ChatResponse response) {
    assertThat(response.tokenUsage().inputTokenCount()).isPositive();
    assertThat(response.tokenUsage().outputTokenCount()).isPositive();
    assertThat(response.tokenUsage().totalTokenCount())
        .isEqualTo(response.tokenUsage().inputTokenCount() + response.tokenUsage().outputTokenCount());
  }

  private static void assertStreamed(StreamingMetadata metadata, ChatResponse response) {
    List<ToolExecutionRequest> calls = response.aiMessage().toolExecutionRequests();
    assertThat(metadata.concatenatedPartialResponses()).isEqualTo(response.aiMessage().text());
    assertThat(metadata.timesOnPartialThinkingWasCalled()).isZero();
    for (int i = 0; i < calls.size(); i++) {
      int index = i;
      List<PartialToolCall> parts =
          metadata.partialToolCalls().stream().filter(part -> part.index() == index).toList();
      assertThat(parts).isNotEmpty();
      assertThat(parts.stream().map(PartialToolCall::partialArguments).collect(Collectors.joining()))
          .isEqualTo(calls.get(i).arguments());
      assertThat(parts).allSatisfy(part -> {
        assertThat(part.partialArguments()).isNotBlank();
        assertThat(part.id()).isEqualTo(calls.get(index).id());
        assertThat(part.name()).isEqualTo(calls.get(index).name());
      });
      if (calls.get(i).arguments().equals("{}")) {
        assertThat(parts).hasSize(1);
      }
    }
    assertThat(metadata.completeToolCalls()).isEqualTo(
        IntStream.range(0, calls.size()).mapToObj(i -> new CompleteToolCall(i, calls.get(i))).toList());
    InOrder order = inOrder(metadata.handler());
    verifyToolCallbacks(metadata.handler(), order, calls);
    order.verify(metadata.handler()).onCompleteResponse(response);
    order.verifyNoMoreInteractions();
    verifyNoMoreInteractions(metadata.handler());
    assertThat(metadata.timesOnCompleteResponseWasCalled()).isEqualTo(1);
    assertThat(metadata.threads()).hasSize(1).doesNotContain(Thread.currentThread());
  }

  /** All pieces of a call, and then the call, one call after the other. */
  static void verifyToolCallbacks(StreamingChatResponseHandler handler, InOrder order, List<ToolExecutionRequest> calls) {
    for (ToolExecutionRequest call : calls) {
      verifyToolCallbacks(handler, order, call.id());
    }
  }

  static void verifyToolCallbacks(StreamingChatResponseHandler handler, InOrder order, String id) {
    order.verify(handler, atLeast(1)).onPartialToolCall(argThat(part -> part.id().equals(id)), any());
    order.verify(handler).onCompleteToolCall(argThat(call -> call.toolExecutionRequest().id().equals(id)));
  }

  /** The text of an answer that the model ended by itself. */
  private String answer(LlavaChatRequestParameters.Builder parameters, ChatMessage... messages) {
    ChatResponseAndStreamingMetadata answer = first(
        parameters, response -> !response.aiMessage().hasToolExecutionRequests()
            && response.finishReason() == FinishReason.STOP && response.tokenUsage().outputTokenCount() > 12, messages);
    AiMessage message = answer.chatResponse().aiMessage();
    assertUsage(answer.chatResponse());
    StreamingMetadata metadata = answer.streamingMetadata();
    if (metadata != null) {
      assertThat(metadata.concatenatedPartialResponses()).isEqualTo(message.text());
      assertThat(metadata.timesOnPartialResponseWasCalled()).isGreaterThan(1);
      assertThat(metadata.partialToolCalls()).isEmpty();
      assertThat(metadata.completeToolCalls()).isEmpty();
      assertThat(metadata.timesOnCompleteResponseWasCalled()).isEqualTo(1);
      assertThat(metadata.threads()).hasSize(1).doesNotContain(Thread.currentThread());
    }
    return message.text();
  }

  private ChatResponseAndStreamingMetadata first(
      LlavaChatRequestParameters.Builder parameters, Predicate<ChatResponse> wanted, ChatMessage... messages) {
    List<String> others = new ArrayList<>();
    for (long seed = 0; seed < TRIES; seed++) {
      ChatResponseAndStreamingMetadata answer =
          chat.apply(request(parameters.temperature(1.0 + seed / 5.0).seed(seed), messages));
      if (wanted.test(answer.chatResponse())) {
        return answer;
      }
      others.add(answer.chatResponse().aiMessage().toString());
    }
    throw new AssertionError("no answer is as wanted; the last were " + others.subList(TRIES - 3, TRIES));
  }

  private static ToolExecutionResultMessage result(AiMessage calls, int index, String text) {
    return ToolExecutionResultMessage.from(calls.toolExecutionRequests().get(index), text);
  }

  private static void assertValid(ToolExecutionRequest call, ToolSpecification tool) {
    assertThat(call.name()).isEqualTo(tool.name());
    assertThat(Validation.misses(tool, call.arguments())).isEmpty();
  }

  private static LlavaChatRequestParameters.Builder parameters(ToolSpecification... tools) {
    return LlavaChatRequestParameters.builder().toolSpecifications(tools).maxOutputTokens(100);
  }

  private static ChatRequest request(LlavaChatRequestParameters.Builder parameters, ChatMessage... messages) {
    return ChatRequest.builder().messages(messages).parameters(parameters.build()).build();
  }
}
