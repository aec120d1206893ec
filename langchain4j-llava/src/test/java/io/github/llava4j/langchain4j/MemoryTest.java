package io.github.llava4j.langchain4j;

import java.util.List;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.memory.chat.TokenWindowChatMemory;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Conversations with calls, and pictures as their results, in memories that forget their beginnings. */
class MemoryTest {

  private static final int MOST_MESSAGES = 5;
  private static final int MOST_TOKENS = 600;
  private static final ToolSpecification CAMERA = ToolSpecification.builder().name("look").description("Takes a picture.")
      .parameters(JsonObjectSchema.builder().addBooleanProperty("left").required("left").build()).build();

  @ParameterizedTest
  @ValueSource(strings = {Goldens.VICUNA, Goldens.MISTRAL, Goldens.LLAVA_15})
  void memoriesOfBothKindsHoldToolMessages(String golden) {
    LlavaChatModel model = LlavaChatModel.builder().engine(Goldens.engine(golden)).build();
    LlavaTokenCountEstimator estimator = model.tokenCountEstimator();
    for (ChatMemory memory : List.of(
        MessageWindowChatMemory.withMaxMessages(MOST_MESSAGES),
        TokenWindowChatMemory.withMaxTokens(MOST_TOKENS, estimator))) {
      memory.add(SystemMessage.from("Be brief."));
      memory.add(UserMessage.from("What is there?"));
      int calls = 0;
      int answers = 0;
      for (long seed = 0; seed < 16; seed++) {
        ChatRequest request = ChatRequest.builder().messages(memory.messages())
            .parameters(LlavaChatRequestParameters.builder().toolSpecifications(CAMERA)
                .temperature(20.0).seed(seed).maxOutputTokens(90).maxToolCalls(2).build())
            .build();
        ChatResponse response = model.chat(request);
        assertThat(response.tokenUsage().inputTokenCount()).isEqualTo(estimator.estimateTokenCount(request));
        AiMessage answer = response.aiMessage();
        memory.add(answer);
        calls += answer.toolExecutionRequests().size();
        for (ToolExecutionRequest call : answer.toolExecutionRequests()) {
          memory.add(ToolExecutionResultMessage.builder().id(call.id()).toolName(call.name())
              .contents(List.of(TextContent.from("see"), Goldens.image(Goldens.VICUNA, "tiny_5x4.png"))).build());
        }
        if (!answer.hasToolExecutionRequests()) {
          answers++;
          memory.add(UserMessage.from("And now?"));
        }
        assertThat(memory.messages().size()).isLessThanOrEqualTo(
            memory instanceof MessageWindowChatMemory ? MOST_MESSAGES : Integer.MAX_VALUE);
        assertThat(estimator.estimateTokenCountInMessages(memory.messages())).isLessThanOrEqualTo(
            memory instanceof TokenWindowChatMemory ? MOST_TOKENS : Integer.MAX_VALUE);
      }
      assertThat(calls).isPositive();
      assertThat(answers).isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {Goldens.VICUNA, Goldens.MISTRAL, Goldens.LLAVA_15})
  void aConversationThatBeginsInItsMiddleIsStillUnderstood(String golden) {
    LlavaChatModel model = LlavaChatModel.builder().engine(Goldens.engine(golden)).maxOutputTokens(2).build();
    List<ChatMessage> rest = List.of(
        AiMessage.from("Hello."), ToolExecutionResultMessage.from("1", "look", "a cat"), AiMessage.from("A cat."),
        UserMessage.from("And?"));
    assertThat(model.chat(rest).tokenUsage().inputTokenCount()).isPositive();
    for (ChatMessage message : rest) {
      assertThat(model.tokenCountEstimator().estimateTokenCountInMessage(message)).isPositive();
    }
  }
}
