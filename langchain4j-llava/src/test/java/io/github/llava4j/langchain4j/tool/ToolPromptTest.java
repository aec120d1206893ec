package io.github.llava4j.langchain4j.tool;

import java.util.List;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonAnyOfSchema;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonNullSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonReferenceSchema;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import io.github.llava4j.ConstraintException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ToolPromptTest {

  private static final ToolSpecification TICKET = ToolSpecification.builder()
      .name("openTicket")
      .description("Opens a ticket.")
      .parameters(JsonObjectSchema.builder()
          .addStringProperty("title").addIntegerProperty("code").required("title").build())
      .build();
  private static final ToolSpecification WEATHER = ToolSpecification.builder()
      .name("getWeather")
      .parameters(JsonObjectSchema.builder().addStringProperty("city").required("city").build())
      .build();

  @Test
  void theAgreedBlock() {
    assertThat(block(false, TICKET, WEATHER)).isEqualTo("""
        You can use these tools:
        - openTicket(title: string, code?: integer): Opens a ticket.
        - getWeather(city: string)
        Choose one action. Use a tool only if the question cannot be answered from the picture and the conversation. \
        Otherwise choose answer. For example:
        Action: openTicket
        Arguments: {"title": "..."}
        or:
        Action: answer
        The answer.""");
  }

  @Test
  void whereToolsMustBeUsedThereIsNoWordOfAnswers() {
    assertThat(block(true, TICKET, WEATHER)).isEqualTo("""
        You can use these tools:
        - openTicket(title: string, code?: integer): Opens a ticket.
        - getWeather(city: string)
        Choose one action. For example:
        Action: openTicket
        Arguments: {"title": "..."}""");
  }

  @Test
  void allKindsOfParameters() {
    JsonObjectSchema parameters = JsonObjectSchema.builder()
        .addEnumProperty("unit", List.of("C", "F"))
        .addProperty("tags", JsonArraySchema.builder().items(new JsonStringSchema()).build())
        .addProperty("kinds", JsonArraySchema.builder()
            .items(JsonEnumSchema.builder().enumValues("a", "b").build()).build())
        .addProperty("where", JsonObjectSchema.builder()
            .addNumberProperty("x").addBooleanProperty("exact").addStringProperty("note").required("x", "exact").build())
        .addProperty("any", JsonArraySchema.builder().build())
        .addProperty("free", JsonObjectSchema.builder().build())
        .addProperty("node", JsonReferenceSchema.builder().reference("node").build())
        .addProperty("maybe", JsonAnyOfSchema.builder().anyOf(new JsonIntegerSchema(), new JsonNullSchema()).build())
        .required("unit", "tags", "where", "node", "free")
        .definitions(java.util.Map.of("node", JsonObjectSchema.builder()
            .addProperty("next", JsonReferenceSchema.builder().reference("node").build()).build()))
        .build();
    ToolSpecification tool = ToolSpecification.builder()
        .name("all").description("Takes\n  everything.").parameters(parameters).build();
    assertThat(block(true, tool)).isEqualTo("""
        You can use these tools:
        - all(unit: "C"|"F", tags: string[], kinds?: ("a"|"b")[], where: {x: number, exact: boolean, note?: string}, \
        any?: any[], free: object, node: {next?: any}, maybe?: integer|null): Takes everything.
        Choose one action. For example:
        Action: all
        Arguments: {"unit": "C", "tags": [], "where": {"x": 0, "exact": true}, "free": {}, "node": {}}""");
  }

  @Test
  void aToolWithoutParameters() {
    assertThat(block(true, ToolSpecification.builder().name("time").build())).isEqualTo("""
        You can use these tools:
        - time()
        Choose one action. For example:
        Action: time
        Arguments: {}""");
  }

  @Test
  void aToolCalledAnswerTakesTheWordAway() {
    ToolSpecification answer = ToolSpecification.builder().name("answer").build();
    assertThat(block(false, answer)).contains("Otherwise choose reply.", "or:\nAction: reply\nThe answer.");
    ToolSpecification reply = ToolSpecification.builder().name("reply").build();
    assertThat(block(false, answer, reply)).contains("Otherwise choose answer_1.");
  }

  @Test
  void aThoughtStandsInFrontOfBothExamples() {
    assertThat(ToolPrompt.block(new ToolSet(Tool.of(List.of(WEATHER)), false, 4, 80))).endsWith("""
        For example:
        Thought: ...
        Action: getWeather
        Arguments: {"city": "..."}
        or:
        Thought: ...
        Action: answer
        The answer.""");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\rb", "a\tb", "a\u0000", "half \ud83d"})
  void namesThatDoNotFitIntoALineAreRefused(String name) {
    ToolSpecification tool = ToolSpecification.builder().name(name).build();
    assertThatThrownBy(() -> Tool.of(List.of(tool)))
        .isInstanceOf(ConstraintException.class)
        .hasMessageContaining("rename the tool");
  }

  @Test
  void twoToolsOfOneNameAreRefused() {
    assertThatThrownBy(() -> Tool.of(List.of(WEATHER, WEATHER)))
        .isInstanceOf(ConstraintException.class)
        .hasMessageContaining("\"getWeather\"");
  }

  private static String block(boolean required, ToolSpecification... tools) {
    return ToolPrompt.block(new ToolSet(Tool.of(List.of(tools)), required, 4, 0));
  }
}
