package io.github.llava4j.langchain4j.json;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.langchain4j.model.chat.request.json.JsonAnyOfSchema;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonBooleanSchema;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonNullSchema;
import dev.langchain4j.model.chat.request.json.JsonNumberSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonReferenceSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import io.github.llava4j.ConstraintException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class SchemaNodesTest {

  static Stream<Arguments> elements() {
    return Stream.of(
        arguments("{'type':'string','description':'d'}", JsonStringSchema.builder().description("d").build()),
        arguments("{'type':'integer'}", new JsonIntegerSchema()),
        arguments("{'type':'number'}", new JsonNumberSchema()),
        arguments("{'type':'boolean'}", new JsonBooleanSchema()),
        arguments("{'type':'null'}", new JsonNullSchema()),
        arguments("{'type':'string','enum':['a','b']}", JsonEnumSchema.builder().enumValues("a", "b").build()),
        arguments("{'type':'array'}", JsonArraySchema.builder().build()),
        arguments("{'type':'array','items':{'type':'string'}}",
            JsonArraySchema.builder().items(new JsonStringSchema()).build()),
        arguments("{'anyOf':[{'type':'string'},{'type':'null'}]}",
            JsonAnyOfSchema.builder().anyOf(new JsonStringSchema(), new JsonNullSchema()).build()),
        arguments("{'$ref':'#/$defs/a~1b~0c'}", JsonReferenceSchema.builder().reference("a/b~c").build()),
        arguments("{'type':'object'}", JsonObjectSchema.builder().build()),
        arguments("{'type':'object','properties':{'b':{'type':'string'},'a':{'type':'integer'}},'required':['a'],"
            + "'additionalProperties':true,'$defs':{'n':{'type':'null'}}}",
            JsonObjectSchema.builder().addStringProperty("b").addIntegerProperty("a").required("a")
                .additionalProperties(true).definitions(Map.of("n", new JsonNullSchema())).build()),
        arguments("{'maximum':0.1000000000000000000001,'multipleOf':1.50,'b':1,'a':2}",
            JsonRawSchema.from("{\"maximum\": 0.1000000000000000000001, \"multipleOf\": 1.50, \"b\": 1, \"a\": 2}")));
  }

  @ParameterizedTest
  @MethodSource("elements")
  void nothingIsLost(String expected, JsonSchemaElement element) {
    assertThat(SchemaNodes.of(element).toString()).isEqualTo(expected.replace('\'', '"'));
  }

  @Test
  void argumentsOfAToolWithoutParametersAreAnEmptyObject() {
    String closed = "{\"type\":\"object\",\"properties\":{},\"additionalProperties\":false}";
    assertThat(SchemaNodes.ofParameters(null).toString()).isEqualTo(closed);
    assertThat(SchemaNodes.ofParameters(JsonObjectSchema.builder().build()).toString()).isEqualTo(closed);
    assertThat(SchemaNodes.ofParameters(JsonObjectSchema.builder().additionalProperties(true).build()).toString())
        .isEqualTo("{\"type\":\"object\",\"additionalProperties\":true}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{} {}", "[]", "1", "{\"a\": NaN}"})
  void whatIsNoSchemaIsRefused(String text) {
    assertThatThrownBy(() -> SchemaNodes.parse(text))
        .isInstanceOf(ConstraintException.class)
        .hasMessageContaining("schema");
  }

  @Test
  void whatIsTooLongOrTooDeepIsRefused() {
    assertThatThrownBy(() -> SchemaNodes.parse(" ".repeat(600_000)))
        .isInstanceOf(ConstraintException.class).hasMessageContaining("524288");
    JsonSchemaElement deep = new JsonStringSchema();
    for (int i = 0; i < 100_000; i++) {
      deep = JsonArraySchema.builder().items(deep).build();
    }
    JsonSchemaElement deepest = deep;
    assertThatThrownBy(() -> SchemaNodes.of(deepest))
        .isInstanceOf(ConstraintException.class).hasMessageContaining("deeper than 64");
    assertThatThrownBy(() -> SchemaNodes.parse("[".repeat(100_000)))
        .isInstanceOf(ConstraintException.class);
  }

  @Test
  void anElementOfAnUnknownTypeIsRefused() {
    JsonSchemaElement foreign = () -> "";
    assertThatThrownBy(() -> SchemaNodes.of(JsonAnyOfSchema.builder().anyOf(List.of(foreign)).build()))
        .isInstanceOf(ConstraintException.class);
    assertThatThrownBy(() -> SchemaNodes.of(JsonReferenceSchema.builder().build()))
        .isInstanceOf(ConstraintException.class).hasMessageContaining("refers to");
  }
}
