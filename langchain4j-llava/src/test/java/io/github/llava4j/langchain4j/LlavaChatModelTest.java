package io.github.llava4j.langchain4j;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.ImageContent.DetailLevel;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import io.github.llava4j.EngineTimeoutException;
import io.github.llava4j.engine.EngineOptions;
import io.github.llava4j.engine.LlavaEngine;
import io.github.llava4j.text.ChatTemplates;
import io.github.llava4j.text.ImageOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LlavaChatModelTest {

  private static final SystemMessage SYSTEM = SystemMessage.from(ChatTemplates.LLAVA_V1.defaultSystem());
  private static final String PORTRAIT = "portrait_30x90.png";
  private static final TextContent WHAT = TextContent.from("What is shown in this image?");

  @Test
  void answersWhatTheReferenceAnswers() {
    assertGolden(Goldens.VICUNA, "text_only", SYSTEM, UserMessage.from("How many legs does a dog have?"));
    assertGolden(Goldens.VICUNA, "portrait_30x90", SYSTEM,
        UserMessage.from(Goldens.image(Goldens.VICUNA, PORTRAIT), WHAT));
    assertGolden(Goldens.VICUNA, "portrait_unicode", SYSTEM, UserMessage.from(
        Goldens.image(Goldens.VICUNA, PORTRAIT), TextContent.from("Was ist auf dem Bild? Größe 2024 😀")));
    assertGolden(Goldens.MISTRAL, "three_images", UserMessage.from(
        Goldens.image(Goldens.MISTRAL, "one_1x1.png"),
        Goldens.image(Goldens.MISTRAL, "palette_33x47.png"),
        Goldens.image(Goldens.MISTRAL, "checker_84x56.png"),
        TextContent.from("Compare.")));
    assertGolden(Goldens.LLAVA_15, "two_images", UserMessage.from(
        Goldens.image(Goldens.LLAVA_15, "gradient_56x56.png"),
        Goldens.image(Goldens.LLAVA_15, "tiny_5x4.png"),
        TextContent.from("Compare both.")));
  }

  @Test
  void aPictureBehindTheTextAndAnAnswerThatTheModelEnds() {
    assertGolden(
        model(Goldens.VICUNA).imageOrder(ImageOrder.IN_PLACE), Goldens.VICUNA, "text_image_last", UserMessage.from(
            TextContent.from("Read the text in this picture:"), Goldens.image(Goldens.VICUNA, "text_160x100.png")));
  }

  private static void assertGolden(String golden, String run, ChatMessage... messages) {
    assertGolden(model(golden), golden, run, messages);
  }

  private static void assertGolden(LlavaChatModel.Builder model, String golden, String run, ChatMessage... messages) {
    Goldens.Run expected = Goldens.run(golden, run);
    ChatResponse response = model.maxOutputTokens(16).build().chat(messages);
    assertThat(response.aiMessage().text()).isEqualTo(expected.text());
    assertThat(response.tokenUsage().inputTokenCount()).isEqualTo(expected.promptTokens());
    assertThat(response.tokenUsage().outputTokenCount()).isEqualTo(expected.tokens());
    assertThat(metadata(response).imageTokenCount()).isEqualTo(expected.imageTokens());
    assertThat(response.finishReason()).isEqualTo(expected.tokens() < 16 ? FinishReason.STOP : FinishReason.LENGTH);
  }

  @Test
  void picturesStayWhereTheUserPutThemIfAskedFor() {
    ImageContent one = Goldens.image(Goldens.VICUNA, PORTRAIT);
    ImageContent other = Goldens.image(Goldens.VICUNA, "gradient_56x56.png");
    TextContent left = TextContent.from("Left:");
    TextContent right = TextContent.from("right:");
    List<String> answers = new ArrayList<>();
    for (UserMessage message : List.of(
        UserMessage.from(left, one, right, other),
        UserMessage.from(left, other, right, one),
        UserMessage.from(one, other, left, right),
        UserMessage.from(left, right, one, other))) {
      answers.add(answer(model(Goldens.VICUNA).imageOrder(ImageOrder.IN_PLACE), message));
    }
    assertThat(answers).doesNotHaveDuplicates();
  }

  @Test
  void aPictureOfAnEarlierTurnIsStillSeen() {
    ChatMessage[] conversation = {
      UserMessage.from(Goldens.image(Goldens.VICUNA, PORTRAIT), WHAT),
      AiMessage.from("A tower."),
      UserMessage.from("How high is it?")
    };
    ChatResponse response = model(Goldens.VICUNA).maxOutputTokens(4).build().chat(conversation);
    assertThat(metadata(response).imageTokenCount()).isEqualTo(76);
  }

  @ParameterizedTest
  @EnumSource(DetailLevel.class)
  void everyLevelOfDetailIsAnyResUnlessLowMeansOverview(DetailLevel level) {
    int configured = imageTokens(model(Goldens.VICUNA), Goldens.VICUNA, level);
    int overview = imageTokens(model(Goldens.VICUNA).lowDetail(LowDetail.OVERVIEW), Goldens.VICUNA, level);
    assertThat(configured).isEqualTo(76);
    assertThat(overview).isEqualTo(level == DetailLevel.LOW ? 17 : 76);
  }

  @Test
  void aModelWithoutTilesSeesTheSameAtEveryLevelOfDetail() {
    UserMessage low = UserMessage.from(Goldens.image(Goldens.LLAVA_15, PORTRAIT, DetailLevel.LOW), WHAT);
    UserMessage high = UserMessage.from(Goldens.image(Goldens.LLAVA_15, PORTRAIT, DetailLevel.HIGH), WHAT);
    LlavaChatModel.Builder model = model(Goldens.LLAVA_15).lowDetail(LowDetail.OVERVIEW);
    assertThat(answer(model, low)).isEqualTo(answer(model, high));
  }

  private static int imageTokens(LlavaChatModel.Builder model, String golden, DetailLevel level) {
    UserMessage message = UserMessage.from(Goldens.image(golden, PORTRAIT, level), WHAT);
    return metadata(model.maxOutputTokens(1).build().chat(message)).imageTokenCount();
  }

  @Test
  void aSeedMakesDrawingRepeatable() {
    LlavaChatModel drawing = model(Goldens.VICUNA).temperature(1.5).maxOutputTokens(16).build();
    List<String> seeded = IntStream.range(0, 3).mapToObj(i -> drawing.chat(seeded(7)).aiMessage().text()).toList();
    assertThat(seeded).containsOnly(seeded.getFirst());
    assertThat(drawing.chat(seeded(8)).aiMessage().text()).isNotEqualTo(seeded.getFirst());
    assertThat(drawing.chat("Hello")).isNotEqualTo(drawing.chat("Hello"));
  }

  private static ChatRequest seeded(long seed) {
    return ChatRequest.builder()
        .messages(UserMessage.from("Hello"))
        .parameters(LlavaChatRequestParameters.builder().seed(seed).build())
        .build();
  }

  @Test
  void everyParameterHasAnEffect() {
    String greedy = drawn(LlavaChatRequestParameters.builder());
    assertThat(drawn(LlavaChatRequestParameters.builder().temperature(2.0))).isNotEqualTo(greedy);
    assertThat(drawn(LlavaChatRequestParameters.builder().topP(0.99))).isNotEqualTo(greedy);
    assertThat(drawn(LlavaChatRequestParameters.builder().topK(500))).isNotEqualTo(greedy);
    assertThat(drawn(LlavaChatRequestParameters.builder().minP(0.000001))).isNotEqualTo(greedy);
    assertThat(drawn(LlavaChatRequestParameters.builder().temperature(2.0).topK(1))).isEqualTo(greedy);
    assertThat(drawn(LlavaChatRequestParameters.builder().temperature(2.0).minP(1.0))).isEqualTo(greedy);
    assertThat(drawn(LlavaChatRequestParameters.builder().repetitionPenalty(50.0))).isNotEqualTo(greedy);
    assertThat(drawn(LlavaChatRequestParameters.builder().frequencyPenalty(50.0))).isNotEqualTo(greedy);
    assertThat(drawn(LlavaChatRequestParameters.builder().presencePenalty(50.0))).isNotEqualTo(greedy);
  }

  private static String drawn(LlavaChatRequestParameters.Builder parameters) {
    ChatRequest request = ChatRequest.builder()
        .messages(UserMessage.from("Hello"))
        .parameters(parameters.seed(1L).maxOutputTokens(48).build())
        .build();
    return model(Goldens.VICUNA).build().chat(request).aiMessage().text();
  }

  @Test
  void wrongRequestsAreTheCallersMistake() {
    LlavaChatModel model = model(Goldens.VICUNA).build();
    assertThatThrownBy(() -> model.chat("word ".repeat(3000)))
        .isExactlyInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("context");
    assertThatThrownBy(() -> model.chat(UserMessage.from(WHAT, ImageContent.from("AAAA", "image/png"))))
        .isExactlyInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("image 1");
    assertThatThrownBy(() -> model.chat(request(ChatRequestParameters.builder().topP(1.5).build())))
        .isExactlyInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("topP");
    assertThatThrownBy(() -> model.chat(request(ChatRequestParameters.builder().maxOutputTokens(0).build())))
        .isExactlyInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("maxOutputTokens");
  }

  private static ChatRequest request(ChatRequestParameters parameters) {
    return ChatRequest.builder().messages(UserMessage.from("Hello")).parameters(parameters).build();
  }

  @Test
  void acceptsTheNameOfItsOwnModel() {
    LlavaChatModel model = model(Goldens.VICUNA).maxOutputTokens(2).build();
    String name = model.defaultRequestParameters().modelName();
    ChatResponse response = model.chat(request(ChatRequestParameters.builder().modelName(name).build()));
    assertThat(response.modelName()).isEqualTo(name);
  }

  @Test
  void manyThreadsGetTheAnswersThatEachWouldGetAlone() throws Exception {
    List<UserMessage> questions = IntStream.range(0, 8)
        .mapToObj(i -> i % 2 == 0
            ? UserMessage.from("Question number " + i)
            : UserMessage.from(
                Goldens.image(Goldens.VICUNA, i % 4 == 1 ? PORTRAIT : "gradient_56x56.png"),
                TextContent.from("Question number " + i)))
        .toList();
    List<String> alone = questions.stream().map(question -> answer(model(Goldens.VICUNA), question)).toList();
    EngineOptions.Builder options = EngineOptions.builder(Goldens.model(Goldens.VICUNA)).parallel(3);
    try (LlavaEngine engine = Goldens.open(options); ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Callable<String>> tasks = questions.stream()
          .<Callable<String>>map(question -> () -> answer(LlavaChatModel.builder().engine(engine), question))
          .toList();
      List<String> together = new ArrayList<>();
      for (Future<String> future : threads.invokeAll(tasks)) {
        together.add(future.get());
      }
      assertThat(together).isEqualTo(alone);
    }
  }

  @Test
  void aSecondQuestionAboutAPictureFindsItsBeginningComputed() {
    LlavaChatModel model = model(Goldens.VICUNA).maxOutputTokens(2).build();
    ImageContent picture = Goldens.image(Goldens.VICUNA, "landscape_120x40.png");
    model.chat(UserMessage.from(picture, TextContent.from("What is it?")));
    LlavaChatResponseMetadata second = metadata(model.chat(UserMessage.from(picture, TextContent.from("Why?"))));
    assertThat(second.cachedTokenCount()).isGreaterThanOrEqualTo(second.imageTokenCount());
    assertThat(second.timings().visionMs()).isZero();
  }

  private static String answer(LlavaChatModel.Builder model, ChatMessage... messages) {
    return model.maxOutputTokens(16).build().chat(messages).aiMessage().text();
  }

  private static LlavaChatResponseMetadata metadata(ChatResponse response) {
    return (LlavaChatResponseMetadata) response.metadata();
  }

  private static LlavaChatModel.Builder model(String golden) {
    return LlavaChatModel.builder().engine(Goldens.engine(golden));
  }

  @Test
  void anAnswerThatTakesTooLongIsATimeout() {
    UserMessage message = UserMessage.from(Goldens.image(Goldens.VICUNA, PORTRAIT), WHAT);
    LlavaChatModel hasty = model(Goldens.VICUNA).timeout(Duration.ofNanos(1)).build();
    assertThatThrownBy(() -> hasty.chat(message))
        .isExactlyInstanceOf(TimeoutException.class)
        .hasMessageContaining("timeout")
        .hasCauseInstanceOf(EngineTimeoutException.class);
    ChatRequest patient = ChatRequest.builder().messages(message)
        .parameters(LlavaChatRequestParameters.builder().timeout(Duration.ofHours(1)).maxOutputTokens(2).build()).build();
    assertThat(hasty.chat(patient).tokenUsage().outputTokenCount()).isPositive();
  }

  @Test
  void tenantsWithSaltsShareNoComputedPrompt() {
    LlavaChatModel model = model(Goldens.VICUNA).maxOutputTokens(1).build();
    UserMessage message = UserMessage.from(Goldens.image(Goldens.VICUNA, PORTRAIT), TextContent.from("Salted?"));
    List<Integer> cached = new ArrayList<>();
    for (String salt : List.of("one", "two", "two")) {
      ChatResponse response = model.chat(ChatRequest.builder().messages(message)
          .parameters(LlavaChatRequestParameters.builder().cacheSalt(salt).build()).build());
      cached.add(metadata(response).cachedTokenCount());
    }
    assertThat(cached.subList(0, 2)).containsOnly(0);
    assertThat(cached.getLast()).isPositive();
  }
}
