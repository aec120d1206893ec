package io.github.llava4j.langchain4j;

import java.util.List;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.AudioContent;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LlavaTokenCountEstimatorTest {

  private final LlavaChatModel model =
      LlavaChatModel.builder().engine(Goldens.engine(Goldens.VICUNA)).maxOutputTokens(1).build();
  private final LlavaTokenCountEstimator estimator = model.tokenCountEstimator();

  @Test
  void countsWhatARequestTakes() {
    List<ChatMessage> messages = List.of(
        UserMessage.from(Goldens.image(Goldens.VICUNA, "portrait_30x90.png"), TextContent.from("What is this?")));
    int counted = estimator.estimateTokenCountInMessages(messages);
    assertThat(counted).isEqualTo(model.chat(messages).tokenUsage().inputTokenCount());
    assertThat(estimator.estimateTokenCountInMessage(messages.getFirst())).isEqualTo(counted);
  }

  @Test
  void countsATextAlone() {
    assertThat(estimator.estimateTokenCountInText("")).isZero();
    assertThat(estimator.estimateTokenCountInText("What is this?"))
        .isPositive()
        .isLessThan(estimator.estimateTokenCountInMessage(UserMessage.from("What is this?")));
  }

  @Test
  void countsToolsAndFormatsOfARequestAndOfTheModelsDefaults() {
    ToolSpecification tool = ToolSpecification.builder().name("look").description("Looks.")
        .parameters(JsonObjectSchema.builder().addStringProperty("where").build()).build();
    ToolExecutionRequest call = ToolExecutionRequest.builder().id("1").name("look").arguments("{}").build();
    List<ChatMessage> messages = List.of(
        UserMessage.from("Look."), AiMessage.from(call), ToolExecutionResultMessage.builder().id("1").toolName("look")
            .contents(List.of(TextContent.from("so"), Goldens.image(Goldens.VICUNA, "tiny_5x4.png"))).build());
    ResponseFormat format = ResponseFormat.builder().type(ResponseFormatType.JSON)
        .jsonSchema(JsonSchema.builder().name("A").rootElement(
            JsonObjectSchema.builder().addStringProperty("what", "what it is").build()).build())
        .build();
    int plain = estimator.estimateTokenCount(ChatRequest.builder().messages(messages).build());
    assertThat(plain).isEqualTo(estimator.estimateTokenCountInMessages(messages));
    LlavaChatModel with = LlavaChatModel.builder().engine(Goldens.engine(Goldens.VICUNA))
        .defaultRequestParameters(ChatRequestParameters.builder().responseFormat(format).build()).build();
    for (ToolChoice choice : ToolChoice.values()) {
      ChatRequest request = ChatRequest.builder().messages(messages)
          .parameters(ChatRequestParameters.builder()
              .toolSpecifications(tool).toolChoice(choice).maxOutputTokens(40).build())
          .build();
      int counted = with.tokenCountEstimator().estimateTokenCount(request);
      assertThat(counted).isEqualTo(with.chat(request).tokenUsage().inputTokenCount()).isGreaterThan(plain);
    }
  }

  @Test
  void refusesWhatTheModelRefuses() {
    UserMessage audio = UserMessage.from(AudioContent.from("AA", "audio/wav"));
    assertThatThrownBy(() -> estimator.estimateTokenCountInMessage(audio))
        .isInstanceOf(UnsupportedFeatureException.class);
  }
}
