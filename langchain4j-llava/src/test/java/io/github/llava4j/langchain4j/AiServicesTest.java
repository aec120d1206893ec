package io.github.llava4j.langchain4j;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.ReturnBehavior;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.output.structured.Description;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.Result;
import dev.langchain4j.service.TokenStream;
import dev.langchain4j.service.UserMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** LangChain4j's AI services over models that know nothing: what they return is filled all the same. */
class AiServicesTest {

  enum Mood { GOOD, BAD, MIXED }

  record Part(@JsonProperty(required = true) String name, @JsonProperty(required = true) Mood mood) {}

  record Picture(
      @Description("what it shows") @JsonProperty(required = true) String title,
      @JsonProperty(required = true) int count,
      @JsonProperty(required = true) boolean sharp,
      @JsonProperty(required = true) List<Part> parts) {}

  /** Looks at pictures. */
  interface Looker {

    @UserMessage("Describe it.")
    Picture describe(@UserMessage ImageContent picture);

    @UserMessage("Which moods are in it?")
    List<Mood> moods(@UserMessage ImageContent picture);

    @UserMessage("Is it sharp?")
    boolean isSharp(@UserMessage ImageContent picture);
  }

  @ParameterizedTest
  @ValueSource(strings = {Goldens.VICUNA, Goldens.MISTRAL, Goldens.LLAVA_15})
  void recordsListsAndBooleansFromAPicture(String golden) {
    for (long seed = 0; seed < 3; seed++) {
      LlavaChatModel model = LlavaChatModel.builder().engine(Goldens.engine(golden)).temperature(1.0).seed(seed)
          .maxOutputTokens(200)
          .defaultRequestParameters(LlavaChatRequestParameters.builder().maxIntegerDigits(9).build())
          .build();
      Looker looker = AiServices.create(Looker.class, model);
      ImageContent image = Goldens.image(Goldens.VICUNA, "tiny_5x4.png");
      Picture picture = looker.describe(image);
      assertThat(picture.title()).isNotNull();
      assertThat(picture.parts()).allSatisfy(part -> assertThat(part.mood()).isNotNull());
      assertThat(looker.moods(image)).doesNotContainNull();
      assertThat(looker.isSharp(image)).isIn(true, false);
    }
  }

  /** Acts at once. */
  static final class Desk {

    final List<String> orders = new ArrayList<>();

    @Tool(value = "Orders something.", returnBehavior = ReturnBehavior.IMMEDIATE)
    String order(@P("what") Mood mood, @P("how many") int count, @P("really") boolean really) {
      orders.add(mood + " " + count + " " + really);
      return "ordered";
    }
  }

  /** Talks to {@link Desk}. */
  interface Clerk {

    Result<String> handle(String wish);
  }

  /** Streams. */
  interface StreamingClerk {

    TokenStream handle(String wish);
  }

  @Test
  void anAgentThatMustCallAToolEndsWithIt() {
    Desk desk = new Desk();
    LlavaChatModel model = LlavaChatModel.builder().engine(Goldens.engine(Goldens.VICUNA)).maxOutputTokens(150)
        .defaultRequestParameters(LlavaChatRequestParameters.builder()
            .toolChoice(ToolChoice.REQUIRED).maxToolCalls(1).maxIntegerDigits(3).temperature(1.0).seed(2L).build())
        .build();
    Result<String> result = AiServices.builder(Clerk.class).chatModel(model).tools(desk).build().handle("Three, please.");
    assertThat(desk.orders).hasSize(1);
    assertThat(result.toolExecutions()).singleElement()
        .satisfies(execution -> assertThat(execution.result()).isEqualTo("ordered"));
    assertThat(result.content()).isNull();
  }

  @Test
  void aStreamingAgentCallsToolsAndThenAnswers() throws Exception {
    Desk desk = new Desk();
    LlavaStreamingChatModel model = LlavaStreamingChatModel.builder().engine(Goldens.engine(Goldens.VICUNA))
        .maxOutputTokens(150)
        .defaultRequestParameters(LlavaChatRequestParameters.builder()
            .toolChoice(ToolChoice.REQUIRED).maxToolCalls(1).maxIntegerDigits(3).temperature(1.0).seed(2L).build())
        .build();
    java.util.concurrent.CompletableFuture<Object> end = new java.util.concurrent.CompletableFuture<>();
    List<String> executed = new ArrayList<>();
    AiServices.builder(StreamingClerk.class).streamingChatModel(model).tools(desk).build().handle("Three, please.")
        .onPartialResponse(text -> { })
        .onToolExecuted(execution -> executed.add(execution.request().name()))
        .onCompleteResponse(end::complete)
        .onError(end::completeExceptionally)
        .start();
    assertThat(end.get(60, java.util.concurrent.TimeUnit.SECONDS)).isNotNull();
    assertThat(executed).containsExactly("order");
    assertThat(desk.orders).hasSize(1);
  }
}
