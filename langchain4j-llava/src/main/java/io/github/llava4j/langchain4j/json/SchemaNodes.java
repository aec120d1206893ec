package io.github.llava4j.langchain4j.json;

import java.util.List;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import io.github.llava4j.constraint.schema.JsonSchemas;
import org.jspecify.annotations.Nullable;

/**
 * LangChain4j's schemas as JSON. LangChain4j's own conversion drops {@code additionalProperties} and reads raw schemas
 * with doubles; here nothing is lost, numbers stay exact and keys keep their order.
 */
public final class SchemaNodes {

  /** Deepest nesting of elements; far more than a schema that people can read has. */
  static final int DEEPEST = 64;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final JsonMapper MAPPER = JsonMapper.builder()
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
      .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
      .build();

  private SchemaNodes() {}

  /**
   * Reads a schema that is given as text.
   *
   * @throws ConstraintException if it is not JSON, not a schema, or too long
   */
  public static JsonNode parse(String text) {
    JsonNode schema = JsonSchemas.read(text);
    if (!schema.isObject() && !schema.isBoolean()) {
      throw new ConstraintException("a JSON schema must be an object, true or false");
    }
    return schema;
  }

  /**
   * Reads a JSON value, exactly.
   *
   * @throws JacksonException if it is none
   */
  static JsonNode value(String text) throws JacksonException {
    return MAPPER.readTree(text);
  }

  /**
   * The schema that {@code element} says.
   *
   * @throws ConstraintException if an element is incomplete, nested too deeply, or of an unknown type
   */
  public static JsonNode of(JsonSchemaElement element) {
    return of(element, 0);
  }

  /** The schema of a tool's arguments: an object, and if it names no parameters, an empty one. */
  public static JsonNode ofParameters(@Nullable JsonObjectSchema parameters) {
    ObjectNode schema = object(parameters == null ? JsonObjectSchema.builder().build() : parameters, 0);
    if (!schema.has("properties") && !schema.has("additionalProperties")) {
      schema.set("properties", NODES.objectNode());
      schema.put("additionalProperties", false);
    }
    return schema;
  }

  private static JsonNode of(JsonSchemaElement element, int depth) {
    if (depth > DEEPEST) {
      throw new ConstraintException("the JSON schema is nested deeper than " + DEEPEST);
    }
    return switch (element) {
      case JsonObjectSchema object -> object(object, depth);
      case JsonArraySchema array -> {
        ObjectNode node = typed("array", array.description());
        if (array.items() != null) {
          node.set("items", of(array.items(), depth + 1));
        }
        yield node;
      }
      case JsonEnumSchema values -> {
        ObjectNode node = typed("string", values.description());
        ArrayNode list = node.putArray("enum");
        values.enumValues().forEach(list::add);
        yield node;
      }
      case JsonStringSchema string -> typed("string", string.description());
      case JsonIntegerSchema integer -> typed("integer", integer.description());
      case JsonNumberSchema number -> typed("number", number.description());
      case JsonBooleanSchema bool -> typed("boolean", bool.description());
      case JsonNullSchema none -> typed("null", none.description());
      case JsonReferenceSchema reference -> reference(reference);
      case JsonAnyOfSchema anyOf -> {
        ObjectNode node = described(anyOf.description());
        ArrayNode list = node.putArray("anyOf");
        anyOf.anyOf().forEach(option -> list.add(of(option, depth + 1)));
        yield node;
      }
      case JsonRawSchema raw -> parse(raw.schema());
      default -> throw new ConstraintException("schema elements of " + element.getClass() + " are not known here");
    };
  }

  /**
   * Without properties and a word about additional ones it is any object: LangChain4j describes a field of type
   * {@code Map} so.
   */
  private static ObjectNode object(JsonObjectSchema object, int depth) {
    ObjectNode node = typed("object", object.description());
    if (!object.properties().isEmpty()) {
      ObjectNode properties = node.putObject("properties");
      object.properties().forEach((name, property) -> properties.set(name, of(property, depth + 1)));
    }
    List<String> required = object.required();
    if (required != null && !required.isEmpty()) {
      ArrayNode names = node.putArray("required");
      required.forEach(names::add);
    }
    if (object.additionalProperties() != null) {
      node.put("additionalProperties", object.additionalProperties());
    }
    if (object.definitions() != null && !object.definitions().isEmpty()) {
      ObjectNode definitions = node.putObject("$defs");
      object.definitions().forEach((name, definition) -> definitions.set(name, of(definition, depth + 1)));
    }
    return node;
  }

  private static ObjectNode reference(JsonReferenceSchema reference) {
    if (reference.reference() == null) {
      throw new ConstraintException("a JsonReferenceSchema does not say what it refers to");
    }
    String escaped = reference.reference().replace("~", "~0").replace("/", "~1").replace("%", "%25");
    return NODES.objectNode().put("$ref", "#/$defs/" + escaped);
  }

  private static ObjectNode typed(String type, @Nullable String description) {
    ObjectNode node = NODES.objectNode().put("type", type);
    if (description != null) {
      node.put("description", description);
    }
    return node;
  }

  private static ObjectNode described(@Nullable String description) {
    ObjectNode node = NODES.objectNode();
    if (description != null) {
      node.put("description", description);
    }
    return node;
  }
}
