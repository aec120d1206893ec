package io.github.llava4j.langchain4j;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.langchain4j.model.output.FinishReason;
import io.github.llava4j.engine.EngineOptions;
import io.github.llava4j.engine.GenerationRequest;
import io.github.llava4j.engine.LlavaEngine;
import io.github.llava4j.engine.TokenLogprob;
import io.github.llava4j.langchain4j.json.SchemaNodes;
import io.github.llava4j.langchain4j.json.Validation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** JSON of models with random weights: it parses and fits its schema, whatever they would rather say. */
class JsonAnswerTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final UserMessage QUESTION = UserMessage.from("What is it?");
  private static final JsonObjectSchema THING = JsonObjectSchema.builder()
      .addStringProperty("name")
      .addEnumProperty("kind", List.of("a", "größe"))
      .addProperty("counts", JsonArraySchema.builder().items(new JsonIntegerSchema()).build())
      .addBooleanProperty("ready")
      .required("name", "kind", "counts")
      .build();

  @Test
  void answersFitTheirSchemasAtEveryTokenLimit() {
    Random random = new Random(3);
    List<FinishReason> reasons = new ArrayList<>();
    for (int limit = 30; limit < 90; limit += 4) {
      LlavaChatRequestParameters.Builder parameters = parameters(format(THING))
          .maxOutputTokens(limit).temperature(random.nextBoolean() ? 0.0 : 1.5).seed((long) limit);
      ChatResponse response = chat(parameters.build());
      assertThat(Validation.misses(SchemaNodes.of(THING), response.aiMessage().text())).isEmpty();
      assertThat(response.tokenUsage().outputTokenCount()).isLessThanOrEqualTo(limit);
      assertThat(response.finishReason()).isIn(FinishReason.LENGTH, FinishReason.STOP);
      reasons.add(response.finishReason());
    }
    assertThat(reasons).contains(FinishReason.LENGTH);
  }

  @Test
  void whatCannotFitIntoTheTokenLimitIsRefusedBeforeAnythingIsComputed() {
    for (int limit : new int[] {1, 5, 10}) {
      assertThatThrownBy(() -> chat(parameters(format(THING)).maxOutputTokens(limit).build()))
          .isExactlyInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("room for " + limit).hasMessageMatching("(?s).*take \\d+ tokens.*");
    }
  }

  @Test
  void anyObject() throws Exception {
    for (long seed = 0; seed < 10; seed++) {
      ChatResponse response = chat(parameters(ResponseFormat.JSON).temperature(1.5).seed(seed).maxOutputTokens(80).build());
      assertThat(JSON.readTree(response.aiMessage().text()).isObject()).isTrue();
    }
  }

  @Test
  void streamedAnswersAreTheSame() throws Exception {
    LlavaChatRequestParameters parameters = parameters(format(THING)).temperature(1.0).seed(4L).build();
    RecordingHandler heard = new RecordingHandler();
    streaming().chat(request(parameters), heard);
    ChatResponse streamed = heard.await();
    assertThat(streamed.aiMessage()).isEqualTo(chat(parameters).aiMessage());
    assertThat(String.join("", heard.parts)).isEqualTo(streamed.aiMessage().text());
    assertThat(heard.parts).hasSizeGreaterThan(5);
  }

  @Test
  void aCancelledAnswerStopsWithinAToken() throws Exception {
    RecordingHandler heard = new RecordingHandler();
    heard.onPart = handle -> {
      if (heard.parts.size() == 3) {
        handle.cancel();
      }
    };
    LlavaStreamingChatModel model = streaming();
    StreamingHandle handle = model.start(request(parameters(format(THING)).temperature(1.0).seed(4L).build()), heard);
    // The next answer takes the engine's only place, so it cannot begin before the cancelled one has ended.
    assertThat(chat(parameters(format(THING)).maxOutputTokens(60).build()).aiMessage().text()).isNotEmpty();
    assertThat(handle.isCancelled()).isTrue();
    assertThat(heard.parts).hasSize(3);
    assertThat(heard.completed()).isFalse();
    assertThat(heard.errors).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void stylesOfWhiteSpace(JsonStyle style) throws Exception {
    JsonSchemaElement schema = JsonObjectSchema.builder()
        .addEnumProperty("a", List.of("x")).addEnumProperty("b", List.of("y")).required("a", "b").build();
    String text = chat(parameters(format(schema)).jsonStyle(style).temperature(1.0).seed(1L).build()).aiMessage().text();
    assertThat(JSON.readTree(text)).isEqualTo(JSON.readTree("{\"a\": \"x\", \"b\": \"y\"}"));
    switch (style) {
      case COMPACT -> assertThat(text).isEqualTo("{\"a\":\"x\",\"b\":\"y\"}");
      case SPACED -> assertThat(text).isEqualTo("{\"a\": \"x\", \"b\": \"y\"}");
      case FLEXIBLE -> assertThat(text).doesNotContain("  \"x\"").doesNotEndWith(" ");
    }
  }

  @Test
  void allPropertiesAndFewDigits() throws Exception {
    JsonSchemaElement schema = JsonObjectSchema.builder().addIntegerProperty("a").addIntegerProperty("b").build();
    int left = 0;
    for (long seed = 0; seed < 10; seed++) {
      LlavaChatRequestParameters.Builder parameters =
          parameters(format(schema)).temperature(1.5).seed(seed).maxOutputTokens(80);
      JsonNode all = JSON.readTree(chat(parameters.allProperties(true).maxIntegerDigits(2).build()).aiMessage().text());
      assertThat(all.size()).isEqualTo(2);
      assertThat(all.get("a").bigIntegerValue().abs()).isLessThan(BigInteger.valueOf(100));
      left += JSON.readTree(chat(parameters.allProperties(false).build()).aiMessage().text()).size() < 2 ? 1 : 0;
    }
    assertThat(left).isPositive();
  }

  /** As of records, whose schemas require nothing: {@code {}} would be valid and of no use. */
  @Test
  void aSchemaThatRequiresNothingIsWrittenWhole() throws Exception {
    JsonSchemaElement inner = JsonObjectSchema.builder().addIntegerProperty("c").build();
    JsonSchemaElement nothing = JsonObjectSchema.builder().addIntegerProperty("a").addProperty("b", inner).build();
    JsonSchemaElement something = JsonObjectSchema.builder().addIntegerProperty("a").addProperty("b", inner).required("a").build();
    int left = 0;
    for (long seed = 0; seed < 10; seed++) {
      JsonNode whole = JSON.readTree(
          chat(parameters(format(nothing)).temperature(1.5).seed(seed).maxOutputTokens(80).build()).aiMessage().text());
      assertThat(whole.get("a").isIntegralNumber()).isTrue();
      assertThat(whole.get("b").get("c").isIntegralNumber()).isTrue();
      left += JSON.readTree(chat(parameters(format(something)).temperature(1.5).seed(seed).maxOutputTokens(80).build())
          .aiMessage().text()).size() < 2 ? 1 : 0;
    }
    assertThat(left).isPositive();
  }

  @Test
  void theModelIsToldOfTheFormatUnlessThatIsTurnedOff() {
    int told = inputTokens(parameters(format(THING)));
    int untold = inputTokens(parameters(format(THING)).schemaInPrompt(false));
    int plain = inputTokens(LlavaChatRequestParameters.builder().maxOutputTokens(200));
    assertThat(untold).isEqualTo(plain);
    assertThat(told).isGreaterThan(plain + 20);
  }

  private static int inputTokens(LlavaChatRequestParameters.Builder parameters) {
    return chat(parameters.build()).tokenUsage().inputTokenCount();
  }

  @Test
  void aKeywordThatNoGrammarExpressesIsRefusedWithItsPlace() {
    JsonSchemaElement schema = JsonRawSchema.from("""
        {"type": "object", "properties": {"x": {"type": "array", "items": {"type": "integer"}, "contains": {"const": 3}}}}""");
    assertThatThrownBy(() -> chat(parameters(format(schema)).build()))
        .isExactlyInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("contains").hasMessageContaining("/properties/x");
    assertThatThrownBy(() -> streaming().chat(request(parameters(format(schema)).build()), new RecordingHandler()))
        .isExactlyInstanceOf(UnsupportedFeatureException.class);
    try (RecordedLog log = new RecordedLog(AnswerConstraints.class)) {
      assertThat(chat(parameters(format(schema)).unsupportedKeywords(UnsupportedKeywords.IGNORE).build()).aiMessage().text())
          .startsWith("{");
      assertThat(log.lines()).singleElement().asString().contains("contains", "/properties/x");
    }
  }

  @Test
  void orCheckedWhenTheAnswerIsThere() {
    JsonSchemaElement schema = JsonRawSchema.from("""
        {"type": "array", "items": {"enum": [1, 2, 3]}, "minItems": 1, "maxItems": 2, "contains": {"const": 3}}""");
    int valid = 0;
    int missed = 0;
    for (long seed = 0; seed < 40; seed++) {
      LlavaChatRequestParameters parameters = parameters(format(schema))
          .unsupportedKeywords(UnsupportedKeywords.CHECK).temperature(20.0).seed(seed).build();
      try {
        assertThat(chat(parameters).aiMessage().text()).contains("3");
        valid++;
      } catch (SchemaMismatchException e) {
        assertThat(e).hasMessageContaining("contains").hasMessageContaining(e.text());
        assertThat(e.text()).doesNotContain("3").startsWith("[").endsWith("]");
        RecordingHandler heard = new RecordingHandler();
        streaming().chat(request(parameters), heard);
        assertThatThrownBy(() -> await(heard)).hasMessage(e.getMessage());
        missed++;
      }
    }
    assertThat(valid).isPositive();
    assertThat(missed).isPositive();
  }

  private static void await(RecordingHandler heard) throws Throwable {
    long deadline = System.nanoTime() + 30_000_000_000L;
    while (heard.errors.isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(5);
    }
    throw heard.errors.getFirst();
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "{\"type\": 5}", "{", "{\"type\": \"string\", \"minLength\": 3, \"maxLength\": 2}", "{\"$ref\": \"#/nowhere\"}", "[]"})
  void aWrongSchemaIsTheCallersMistake(String schema) {
    assertThatThrownBy(() -> chat(parameters(format(JsonRawSchema.from(schema))).build()))
        .isExactlyInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> chat(parameters(null).grammar(LlavaGrammar.jsonSchema(schema)).build()))
        .isExactlyInstanceOf(InvalidRequestException.class);
  }

  @Test
  void theUsersStopSequencesMayCutJson() {
    JsonSchemaElement schema = JsonObjectSchema.builder().addEnumProperty("kind", List.of("abc")).required("kind").build();
    ChatResponse response = chat(parameters(format(schema)).jsonStyle(JsonStyle.SPACED).stopSequences(List.of("bc")).build());
    assertThat(response.aiMessage().text()).isEqualTo("{\"kind\": \"a");
    assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
  }

  @Test
  void whatATemplateEndsAnswersWithMayStandInAString() {
    JsonSchemaElement schema = JsonObjectSchema.builder().addEnumProperty("kind", List.of("a</s>b")).required("kind").build();
    ChatRequest request = request(parameters(format(schema)).jsonStyle(JsonStyle.COMPACT).build());
    EngineOptions.Builder options = EngineOptions.builder(Goldens.model(Goldens.VICUNA)).template("vicuna_v1");
    try (LlavaEngine engine = Goldens.open(options)) {
      assertThat(engine.model().template().stopStrings()).contains("</s>");
      assertThat(LlavaChatModel.builder().engine(engine).build().chat(request).aiMessage().text())
          .isEqualTo("{\"kind\":\"a</s>b\"}");
    }
  }

  @Test
  void grammarsOfThreeKinds() throws JsonProcessingException {
    assertThat(held(LlavaGrammar.regex("[a-c]{3}|x+-?yes"))).matches("[a-c]{3}|x+-?yes");
    assertThat(held(LlavaGrammar.gbnf("root ::= item (\", \" item){1,3}\nitem ::= \"yes\" | \"no\"")))
        .matches("(yes|no)(, (yes|no)){1,3}");
    assertThat(JSON.readTree(held(LlavaGrammar.jsonSchema("{\"enum\": [[1, {\"a\": null}]]}"))))
        .isEqualTo(JSON.readTree("[1, {\"a\": null}]"));
  }

  private static String held(LlavaGrammar grammar) {
    return chat(parameters(null).grammar(grammar).temperature(1.0).seed(3L).build()).aiMessage().text();
  }

  @Test
  void wrongGrammars() {
    assertThatThrownBy(() -> held(LlavaGrammar.regex("a)|(?:b"))).isExactlyInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> held(LlavaGrammar.regex("(?=a)b"))).isExactlyInstanceOf(UnsupportedFeatureException.class);
    assertThatThrownBy(() -> held(LlavaGrammar.gbnf("root ::= other"))).isExactlyInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> chat(parameters(ResponseFormat.JSON).grammar(LlavaGrammar.regex("a")).build()))
        .isExactlyInstanceOf(InvalidRequestException.class).hasMessageContaining("not both");
    assertThatThrownBy(() -> chat(parameters(ResponseFormat.JSON).maxIntegerDigits(19).build()))
        .isExactlyInstanceOf(InvalidRequestException.class).hasMessageContaining("maxIntegerDigits");
    assertThatThrownBy(() -> chat(parameters(null).logprobs(GenerationRequest.MOST_LOGPROBS + 1).build()))
        .isExactlyInstanceOf(InvalidRequestException.class).hasMessageContaining("logprobs");
  }

  @Test
  void probabilitiesOfTokens() {
    LlavaChatResponseMetadata metadata = (LlavaChatResponseMetadata)
        chat(parameters(null).logprobs(3).maxOutputTokens(6).build()).metadata();
    assertThat(metadata.logprobs()).hasSize(6).allSatisfy(token -> {
      assertThat(token.top()).hasSize(3).first().extracting(TokenLogprob.Top::token).isEqualTo(token.token());
      assertThat(token.logprob()).isNegative().isEqualTo(token.constrained());
    });
    assertThat(metadata.toolDecisionProbability()).isNull();
  }

  @Test
  void tellsLangChain4jThatItHoldsToSchemas() {
    assertThat(model().supportedCapabilities()).containsExactly(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
    assertThat(streaming().supportedCapabilities()).containsExactly(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
  }

  private static ResponseFormat format(JsonSchemaElement root) {
    return ResponseFormat.builder().type(ResponseFormatType.JSON)
        .jsonSchema(JsonSchema.builder().name("Thing").rootElement(root).build()).build();
  }

  private static LlavaChatRequestParameters.Builder parameters(ResponseFormat format) {
    return LlavaChatRequestParameters.builder().responseFormat(format).maxOutputTokens(200);
  }

  private static ChatResponse chat(LlavaChatRequestParameters parameters) {
    return model().chat(request(parameters));
  }

  private static ChatRequest request(LlavaChatRequestParameters parameters) {
    return ChatRequest.builder().messages(QUESTION).parameters(parameters).build();
  }

  private static LlavaChatModel model() {
    return LlavaChatModel.builder().engine(Goldens.engine(Goldens.VICUNA)).build();
  }

  private static LlavaStreamingChatModel streaming() {
    return LlavaStreamingChatModel.builder().engine(Goldens.engine(Goldens.VICUNA)).build();
  }
}
