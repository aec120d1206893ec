package io.github.llava4j.constraint.schema;

import java.util.List;
import java.util.Random;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Schemas by chance, all of whose keywords are enforced and that something fits. */
public final class RandomSchemas {

  private static final List<String> PATTERNS =
      List.of("^[a-z]+$", "[0-9]{2}", "^(foo|bar|baz)-[A-F0-9]{4}$", "^\\S+@\\S+$", "é|ß", "^.{0,12}$", "\"|\\\\");
  private static final List<String> FORMATS =
      List.of("date", "time", "date-time", "duration", "email", "hostname", "ipv4", "ipv6", "uuid");
  private static final List<String> NAMES =
      List.of("name", "count", "total", "id", "größe", "名前", "a \"b\"", "", "items", "x", "line\nbreak");

  private final Random random;
  private final JsonNodeFactory json = JsonNodeFactory.instance;

  public RandomSchemas(Random random) {
    this.random = random;
  }

  /** A schema whose root is an object mostly. */
  public ObjectNode schema() {
    ObjectNode root = random.nextInt(6) == 0 ? any(3) : object(3);
    if (random.nextInt(4) == 0) {
      // A tree: a value that may hold itself.
      ObjectNode tree = object(1);
      ((ObjectNode) tree.get("properties")).set("next", reference());
      removeRequired(tree, "next");
      root.putObject("$defs").set("tree", tree);
      if (root.path("properties").isObject()) {
        ((ObjectNode) root.path("properties")).set("tree", reference());
      }
    }
    return root;
  }

  private ObjectNode reference() {
    return json.objectNode().put("$ref", "#/$defs/tree");
  }

  private static void removeRequired(ObjectNode schema, String name) {
    if (schema.path("required") instanceof ArrayNode required) {
      for (int i = required.size() - 1; i >= 0; i--) {
        if (required.get(i).asText().equals(name)) {
          required.remove(i);
        }
      }
    }
  }

  private ObjectNode any(int depth) {
    return switch (random.nextInt(depth <= 0 ? 6 : 9)) {
      case 0, 1 -> string();
      case 2 -> integer();
      case 3 -> number();
      case 4 -> json.objectNode().put("type", random.nextBoolean() ? "boolean" : "null");
      case 5 -> choice();
      case 6 -> array(depth - 1);
      case 7 -> union(depth - 1);
      default -> object(depth - 1);
    };
  }

  private ObjectNode string() {
    ObjectNode schema = json.objectNode().put("type", "string");
    switch (random.nextInt(5)) {
      case 0 -> schema.put("pattern", PATTERNS.get(random.nextInt(PATTERNS.size())));
      case 1 -> schema.put("format", FORMATS.get(random.nextInt(FORMATS.size())));
      case 2 -> {
        int min = random.nextInt(20);
        schema.put("minLength", min).put("maxLength", min + random.nextInt(30));
      }
      case 3 -> schema.put("maxLength", random.nextInt(100_000));
      default -> { }
    }
    return schema;
  }

  private ObjectNode integer() {
    ObjectNode schema = json.objectNode().put("type", "integer");
    int min = random.nextInt(2_000) - 1_000;
    switch (random.nextInt(4)) {
      case 0 -> schema.put("minimum", min).put("maximum", min + random.nextInt(500));
      // Bounded, since the validator that judges the answers divides doubles.
      case 1 -> schema.put("exclusiveMinimum", min).put("maximum", min + 1_000_000).put("multipleOf", 1 + random.nextInt(30));
      case 2 -> schema.put("maximum", min);
      default -> { }
    }
    return schema;
  }

  private ObjectNode number() {
    ObjectNode schema = json.objectNode().put("type", "number");
    double min = (random.nextInt(2_000) - 1_000) / 8.0;
    switch (random.nextInt(3)) {
      case 0 -> schema.put("minimum", min).put("exclusiveMaximum", min + 0.5 + random.nextInt(50));
      case 1 -> schema.put("multipleOf", random.nextBoolean() ? 0.01 : 0.5).put("minimum", 0);
      default -> { }
    }
    return schema;
  }

  private ObjectNode choice() {
    ObjectNode schema = json.objectNode();
    ArrayNode values = schema.putArray("enum");
    values.add("red").add("dark \"red\"").add("名前").add(17).add(-1.5).add(true).addNull();
    values.addObject().put("a", 1).putArray("b").add("x");
    while (values.size() > 1 && random.nextInt(4) > 0) {
      values.remove(random.nextInt(values.size()));
    }
    return schema;
  }

  private ObjectNode array(int depth) {
    ObjectNode schema = json.objectNode().put("type", "array");
    int min = random.nextInt(4);
    if (random.nextInt(4) == 0) {
      ArrayNode colors = schema.put("uniqueItems", true).putObject("items").putArray("enum");
      colors.add("red").add("green").add("blue").add("gray");
      schema.put("minItems", min);
      return schema;
    }
    if (random.nextInt(5) == 0) {
      schema.putArray("prefixItems").add(any(depth - 1)).add(any(depth - 1));
    }
    schema.set("items", any(depth));
    if (random.nextBoolean()) {
      schema.put("minItems", min).put("maxItems", Math.max(min, 2) + random.nextInt(random.nextInt(5) == 0 ? 5_000 : 5));
    }
    return schema;
  }

  private ObjectNode union(int depth) {
    ObjectNode schema = json.objectNode();
    schema.putArray(random.nextBoolean() ? "anyOf" : "oneOf")
        .add(json.objectNode().put("type", "boolean")).add(integer()).add(object(depth));
    return schema;
  }

  private ObjectNode object(int depth) {
    ObjectNode schema = json.objectNode().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = schema.putArray("required");
    int members = 1 + random.nextInt(5);
    for (int i = 0; i < members; i++) {
      String name = NAMES.get(random.nextInt(NAMES.size()));
      properties.set(name, any(depth - 1));
    }
    properties.fieldNames().forEachRemaining(name -> {
      if (random.nextBoolean()) {
        required.add(name);
      }
    });
    switch (random.nextInt(8)) {
      case 0 -> schema.put("additionalProperties", false);
      case 1 -> schema.set("additionalProperties", integer());
      case 2 -> {
        schema.put("minProperties", Math.min(properties.size(), 1 + required.size()));
        schema.put("maxProperties", properties.size());
      }
      case 3 -> schema.set("propertyNames", json.objectNode().put("maxLength", 20));
      default -> { }
    }
    return schema;
  }
}
