package io.github.llava4j.langchain4j.json;

import java.util.List;

import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class SkeletonTest {

  @Test
  void theAgreedText() {
    JsonObjectSchema schema = JsonObjectSchema.builder()
        .addStringProperty("shape").addIntegerProperty("count", "how many").build();
    assertThat(Skeleton.of(SchemaNodes.of(schema))).isEqualTo("""
        You must answer strictly in the following JSON format: {
        "shape": (type: string),
        "count": (how many; type: integer)
        }""");
  }

  @Test
  void allKindsOfProperties() {
    JsonObjectSchema schema = JsonObjectSchema.builder()
        .addEnumProperty("kind", List.of("a", "b"), "which")
        .addProperty("tags", JsonArraySchema.builder().items(new JsonStringSchema()).build())
        .addProperty("address", JsonObjectSchema.builder()
            .addStringProperty("city").addNumberProperty("zip").required("city").build())
        .addBooleanProperty("paid")
        .required("kind", "tags", "address")
        .build();
    assertThat(Skeleton.of(SchemaNodes.of(schema))).isEqualTo("""
        You must answer strictly in the following JSON format: {
        "kind": (which; type: enum, must be one of ["a", "b"]),
        "tags": (type: array of string),
        "address": (type: address: {
        "city": (type: string),
        "zip": (type: number; optional)
        }),
        "paid": (type: boolean; optional)
        }""");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "{'type': 'integer'} | integer",
    "{'enum': ['a', 1, null]} | enum, must be one of [\"a\", 1, null]",
    "{'type': 'array', 'items': {'type': 'array', 'items': {'type': 'boolean'}}} | array of array of boolean",
    "{'type': ['string', 'null']} | string or null",
    "{'anyOf': [{'type': 'integer'}, {'const': 'x'}]} | integer or enum, must be one of [\"x\"]",
    "{'$ref': '#/$defs/a~1b', '$defs': {'a/b': {'type': 'number'}}} | number",
    "{'type': 'object'} | object",
    "{} | any",
    "{'$ref': 'https://example.org/x'} | any",
    "{'$ref': '#/%zz'} | any",
  })
  void otherRoots(String schema, String type) {
    assertThat(Skeleton.of(SchemaNodes.parse(schema.replace('\'', '"'))))
        .isEqualTo("You must answer strictly in the following JSON format: " + type);
  }

  @Test
  void whatContainsItselfIsWrittenOutOnce() {
    String schema = """
        {"$ref": "#/$defs/Node", "$defs": {"Node": {"type": "object", "title": "Node",
          "properties": {"name": {"type": "string"}, "next": {"$ref": "#/$defs/Node"}}}}}""";
    assertThat(Skeleton.of(SchemaNodes.parse(schema))).isEqualTo("""
        You must answer strictly in the following JSON format: {
        "name": (type: string),
        "next": (type: Node)
        }""");
  }

  @Test
  void referencesThatMultiplyStayBounded() {
    StringBuilder schema = new StringBuilder("{\"$ref\": \"#/$defs/d0\", \"$defs\": {");
    for (int i = 0; i < 40; i++) {
      String next = "{\"$ref\": \"#/$defs/d" + (i + 1) + "\"}";
      schema.append("\"d%d\": {\"properties\": {\"a\": %s, \"b\": %s}}, ".formatted(i, next, next));
    }
    schema.append("\"d40\": {\"type\": \"string\"}}}");
    assertThat(Skeleton.of(SchemaNodes.parse(schema.toString()))).hasSizeLessThan(50_000);
  }
}
