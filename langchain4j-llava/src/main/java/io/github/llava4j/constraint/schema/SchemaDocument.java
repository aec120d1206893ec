package io.github.llava4j.constraint.schema;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.llava4j.ConstraintException;
import io.github.llava4j.UnsupportedConstraintException;
import org.jspecify.annotations.Nullable;

/** A schema as it was written, within limits, and the places that references can name. Nothing is ever fetched. */
final class SchemaDocument {

  static final int MOST_CHARACTERS = 512 * 1024;
  static final int DEEPEST = 64;
  static final int MOST_NODES = 10_000;
  private static final int LARGEST_EXPONENT = 1_000;

  static final Set<String> ONE_SCHEMA =
      Set.of(
          "additionalProperties",
          "additionalItems",
          "unevaluatedProperties",
          "unevaluatedItems",
          "contains",
          "propertyNames",
          "not",
          "if",
          "then",
          "else",
          "contentSchema");
  static final Set<String> LIST_OF_SCHEMAS = Set.of("allOf", "anyOf", "oneOf", "prefixItems");
  static final Set<String> MAP_OF_SCHEMAS =
      Set.of("properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies");

  final Place root;
  final Draft draft;
  private final Map<String, Place> resources = new HashMap<>();
  private final Map<String, Place> anchors = new HashMap<>();

  SchemaDocument(JsonNode schema) {
    measure(schema);
    root = new Place(schema).schema();
    draft = Draft.of(schema);
    resources.put("", root);
    index();
  }

  private static void measure(JsonNode schema) {
    record Open(JsonNode node, int depth) {}
    Deque<Open> open = new ArrayDeque<>();
    open.push(new Open(schema, 1));
    long nodes = 0;
    long characters = 0;
    while (!open.isEmpty()) {
      Open next = open.pop();
      JsonNode node = next.node;
      nodes++;
      if (node.isTextual()) {
        characters += node.textValue().length();
      } else if (node.isNumber()) {
        measureNumber(node);
        characters += 4;
      } else if (next.depth > DEEPEST && node.isContainerNode()) {
        throw new ConstraintException("the schema is nested deeper than " + DEEPEST + " levels");
      }
      for (Map.Entry<String, JsonNode> member : node.properties()) {
        characters += member.getKey().length();
      }
      if (nodes > MOST_NODES || characters > MOST_CHARACTERS) {
        throw new ConstraintException(
            "the schema is too large: at most " + MOST_NODES + " values and " + MOST_CHARACTERS + " characters");
      }
      for (JsonNode child : node) {
        open.push(new Open(child, next.depth + 1));
      }
    }
  }

  private static void measureNumber(JsonNode node) {
    if (node.isFloatingPointNumber() && !node.isBigDecimal() && !Double.isFinite(node.doubleValue())) {
      throw new ConstraintException("the schema has a number that JSON has not: " + node.asText());
    }
    if (Math.abs((long) node.decimalValue().scale()) > LARGEST_EXPONENT
        || node.decimalValue().precision() > LARGEST_EXPONENT) {
      throw new ConstraintException("the schema has a number of more than " + LARGEST_EXPONENT + " digits");
    }
  }

  private void index() {
    Deque<Place> open = new ArrayDeque<>();
    open.push(root);
    while (!open.isEmpty()) {
      Place place = open.pop();
      if (!place.node.isObject()) {
        continue;
      }
      if (!hidesSiblings(place)) {
        name(place);
      }
      for (Map.Entry<String, JsonNode> member : place.node.properties()) {
        String keyword = member.getKey();
        JsonNode value = member.getValue();
        boolean list = LIST_OF_SCHEMAS.contains(keyword) || keyword.equals("items");
        if (ONE_SCHEMA.contains(keyword) || keyword.equals("items") && value.isObject()) {
          open.push(place.child(keyword));
        } else if (list && value.isArray()) {
          for (int i = 0; i < value.size(); i++) {
            open.push(place.child(keyword).child(i));
          }
        } else if (MAP_OF_SCHEMAS.contains(keyword) && value.isObject()) {
          for (Map.Entry<String, JsonNode> entry : value.properties()) {
            open.push(place.child(keyword).child(entry.getKey()));
          }
        }
      }
    }
  }

  private void name(Place place) {
    String id = place.node.path(draft.idKeyword()).asText("");
    if (id.startsWith("#") && id.length() > 1) {
      anchors.putIfAbsent(place.base() + id, place);
    } else if (!id.isEmpty() && !id.equals("#")) {
      int hash = id.indexOf('#');
      String uri = resolved(place.base(), hash < 0 ? id : id.substring(0, hash));
      place.beginResource(uri);
      resources.putIfAbsent(uri, place);
      if (hash >= 0 && hash + 1 < id.length()) {
        anchors.putIfAbsent(uri + id.substring(hash), place);
      }
    }
    for (String keyword : new String[] {"$anchor", "$dynamicAnchor"}) {
      if (place.node.path(keyword).isTextual()) {
        anchors.putIfAbsent(place.base() + "#" + place.node.path(keyword).textValue(), place);
      }
    }
  }

  /** Whether the place has a {@code $ref} in a draft in which nothing beside it counts. */
  boolean hidesSiblings(Place place) {
    return draft.referenceHidesSiblings() && place.node.path("$ref").isTextual();
  }

  /** Where {@code $ref} of a place leads. */
  Place target(Place from) {
    String reference = from.text("$ref");
    int hash = reference.indexOf('#');
    String uri = hash < 0 ? reference : reference.substring(0, hash);
    String fragment = hash < 0 ? "" : decoded(reference.substring(hash + 1));
    Place resource = uri.isEmpty() ? from.resource() : resources.get(resolved(from.base(), uri));
    if (resource == null) {
      throw new UnsupportedConstraintException(
          "$ref at "
              + from.pointer
              + " leaves the document ("
              + reference
              + "), and nothing is fetched: put that schema under $defs");
    }
    Place target;
    if (fragment.isEmpty()) {
      target = resource;
    } else if (fragment.startsWith("/")) {
      target = walked(resource, fragment);
    } else {
      target = anchors.get(resource.base() + "#" + fragment);
    }
    if (target == null) {
      throw new ConstraintException("$ref at " + from.pointer + " points to nothing: " + reference);
    }
    return target.schema();
  }

  private static @Nullable Place walked(Place from, String pointer) {
    Place place = from;
    for (String token : pointer.substring(1).split("/", -1)) {
      String key = token.replace("~1", "/").replace("~0", "~");
      if (place.node.isArray()) {
        if (key.length() > 6 || !key.matches("0|[1-9][0-9]*") || Integer.parseInt(key) >= place.node.size()) {
          return null;
        }
      } else if (!place.has(key)) {
        return null;
      }
      place = place.child(key);
    }
    return place;
  }

  private static String decoded(String fragment) {
    try {
      return URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return fragment;
    }
  }

  private static String resolved(String base, String reference) {
    try {
      return base.isEmpty() ? reference : URI.create(base).resolve(reference).toString();
    } catch (IllegalArgumentException e) {
      return reference;
    }
  }
}
