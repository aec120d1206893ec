package io.github.llava4j.constraint.schema;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.github.llava4j.ConstraintException;
import io.github.llava4j.constraint.regular.Language;
import org.jspecify.annotations.Nullable;

/**
 * Judges values that are there already: those that a schema lists, and answers under a schema of which a grammar could
 * enforce only a part. Formats count as in grammars. Not thread-safe.
 */
public final class SchemaValidator {

  /** Schemas within schemas, values within values. */
  private static final int DEEPEST = 256;

  private final Session session;
  private final Map<JsonNode, Set<Place>> active = new IdentityHashMap<>();

  /** What the schemas that hold have looked at, for the unevaluated keywords; of the place that is being judged. */
  private Evaluated evaluated = new Evaluated();

  private int depth;
  private String failure = "";

  /** Parts of one array or object. */
  private static final class Evaluated {

    final Set<String> names = new HashSet<>();
    final Set<Integer> items = new HashSet<>();
    int prefix;

    void add(Evaluated other) {
      names.addAll(other.names);
      items.addAll(other.items);
      prefix = Math.max(prefix, other.prefix);
    }
  }

  SchemaValidator(Session session) {
    this.session = session;
  }

  /**
   * For answers under the schema; what the options say of unsupported keywords counts here, too.
   *
   * @throws ConstraintException if the schema is wrong
   */
  public static SchemaValidator of(JsonNode schema, SchemaOptions options) {
    return new SchemaValidator(new Session(new SchemaDocument(schema), options));
  }

  /** The keyword that the value breaks, with its place; nothing if it breaks none. */
  public Optional<String> check(JsonNode value) {
    session.work.reset();
    failure = "";
    return holds(session.document.root, value) ? Optional.empty() : Optional.of(failure);
  }

  /** Whether all schemas among the statements hold; the other statements follow from those. */
  boolean accepts(Collection<? extends Atom> atoms, JsonNode value) {
    for (Atom atom : atoms) {
      if (atom instanceof Atom.Whole whole && holds(whole.place(), value) == (whole.role() == Atom.Role.NOT)) {
        return false;
      }
    }
    return true;
  }

  /** Whether a schema declares a property, or has a pattern for it. */
  boolean covers(Place place, String name) {
    return place.node.path("properties").has(name) || !patternsFor(place, name).isEmpty();
  }

  private List<Place> patternsFor(Place place, String name) {
    List<Place> result = new ArrayList<>();
    if (place.has("patternProperties")) {
      Place map = place.object("patternProperties");
      map.node
          .fieldNames()
          .forEachRemaining(
              regex -> {
                Language language = session.pattern(map, regex, map.child(regex), regex);
                if (language != null && JsonValues.isWritable(name) && language.contains(name)) {
                  result.add(map.child(regex));
                }
              });
    }
    return result;
  }

  private boolean holds(Place place, JsonNode value) {
    place.schema();
    if (place.node.isBoolean()) {
      return place.node.booleanValue() || fail(place, "false");
    }
    if (!active.computeIfAbsent(value, key -> new HashSet<>()).add(place)) {
      return true;
    }
    if (++depth > DEEPEST) {
      depth = 0;
      active.clear();
      throw new ConstraintException("the schema cannot be checked: it goes deeper than " + DEEPEST + " schemas");
    }
    Evaluated outside = evaluated;
    evaluated = new Evaluated();
    try {
      boolean holds = keywords(place, value);
      if (holds) {
        outside.add(evaluated);
      }
      return holds;
    } finally {
      evaluated = outside;
      depth--;
      Set<Place> places = active.get(value);
      if (places != null && places.remove(place) && places.isEmpty()) {
        active.remove(value);
      }
    }
  }

  /** The same of an item or a property of the value, whose own parts do not count here. */
  private boolean partHolds(Place place, JsonNode part) {
    Evaluated here = evaluated;
    evaluated = new Evaluated();
    try {
      return holds(place, part);
    } finally {
      evaluated = here;
    }
  }

  private boolean keywords(Place place, JsonNode value) {
    boolean hidden = session.document.hidesSiblings(place);
    List<String> last = new ArrayList<>();
    for (Map.Entry<String, JsonNode> member : place.node.properties()) {
      String keyword = member.getKey();
      session.work.spend(1);
      if (keyword.startsWith("unevaluated")) {
        last.add(keyword);
      } else if ((!hidden || keyword.equals("$ref")) && !keyword(place, keyword, value)) {
        return false;
      }
    }
    return hidden || last.stream().allMatch(keyword -> keyword(place, keyword, value));
  }

  private boolean fail(Place place, String keyword) {
    failure = keyword + " at " + place.pointer;
    return false;
  }

  private boolean verdict(boolean holds, Place place, String keyword) {
    return holds || fail(place, keyword);
  }

  private boolean keyword(Place place, String keyword, JsonNode value) {
    if (Keywords.NUMBERS.contains(keyword)) {
      return !value.isNumber() || verdict(number(place, keyword, value), place, keyword);
    }
    if (Keywords.STRINGS.contains(keyword)) {
      return !value.isTextual() || verdict(string(place, keyword, value.textValue()), place, keyword);
    }
    if (keyword.equals("dependencies")) {
      return !value.isObject() || dependencies(place.object(keyword), value);
    }
    if (Keywords.ARRAYS.contains(keyword)) {
      return !value.isArray() || array(place, keyword, value);
    }
    if (Keywords.OBJECTS.contains(keyword)) {
      return !value.isObject() || object(place, keyword, value);
    }
    return switch (keyword) {
      case "type" -> verdict((Types.of(place) & Types.of(value)) != 0, place, keyword);
      case "const", "enum" -> verdict(session.isAmong(place, keyword, value), place, keyword);
      case "$ref" -> {
        Place target = session.target(place);
        yield target == null || holds(target, value);
      }
      case "allOf" ->
          Negation.wholes(place.array(keyword), Atom.Role.HOST).stream().allMatch(each -> holds(each.place(), value));
      case "anyOf" -> verdict(count(place, keyword, value) > 0, place, keyword);
      case "oneOf" -> verdict(count(place, keyword, value) == 1, place, keyword);
      case "not" -> verdict(!partHolds(place.child(keyword), value), place, keyword);
      case "if" -> {
        String next = holds(place.child("if"), value) ? "then" : "else";
        yield !place.has(next) || holds(place.child(next), value);
      }
      case "dependentSchemas" -> !value.isObject() || dependencies(place.object(keyword), value);
      case "$dynamicRef", "$recursiveRef" -> {
        session.unsupported(place, keyword, "where it leads depends on how the schema is used", false);
        yield true;
      }
      default -> true;
    };
  }

  private int count(Place place, String keyword, JsonNode value) {
    int count = 0;
    for (Atom.Whole each : Negation.wholes(place.array(keyword), Atom.Role.HOST)) {
      count += holds(each.place(), value) ? 1 : 0;
    }
    return count;
  }

  private static boolean number(Place place, String keyword, JsonNode value) {
    Place at = place.child(keyword);
    if (at.node.isBoolean()) {
      String bound = keyword.equals("exclusiveMinimum") ? "minimum" : "maximum";
      return !at.node.booleanValue()
          || !place.has(bound)
          || value.decimalValue().compareTo(place.number(bound)) != 0;
    }
    int order = keyword.equals("multipleOf") ? 0 : value.decimalValue().compareTo(place.number(keyword));
    return switch (keyword) {
      case "minimum" -> order >= 0;
      case "maximum" -> order <= 0;
      case "exclusiveMinimum" -> order > 0;
      case "exclusiveMaximum" -> order < 0;
      default -> value.decimalValue().remainder(Session.multiple(place)).signum() == 0;
    };
  }

  private boolean string(Place place, String keyword, String value) {
    if (keyword.equals("minLength") || keyword.equals("maxLength")) {
      int length = value.codePointCount(0, value.length());
      return keyword.equals("minLength") ? length >= place.count(keyword) : length <= place.count(keyword);
    }
    @Nullable Language language =
        keyword.equals("format")
            ? session.format(place)
            : session.pattern(place, "pattern", place.child("pattern"), place.text("pattern"));
    return language == null || JsonValues.isWritable(value) && language.contains(value);
  }

  private boolean array(Place place, String keyword, JsonNode value) {
    return switch (keyword) {
      case "minItems" -> verdict(value.size() >= place.count(keyword), place, keyword);
      case "maxItems" -> verdict(value.size() <= place.count(keyword), place, keyword);
      case "uniqueItems" -> verdict(!place.flag(keyword) || isDistinct(value), place, keyword);
      case "contains" -> {
        int count = 0;
        for (int i = 0; i < value.size(); i++) {
          if (partHolds(place.child(keyword), value.get(i))) {
            evaluated.items.add(i);
            count++;
          }
        }
        int min = place.has("minContains") ? place.count("minContains") : 1;
        int max = place.has("maxContains") ? place.count("maxContains") : Integer.MAX_VALUE;
        yield verdict(count >= min && count <= max, place, keyword);
      }
      case "prefixItems" -> prefix(place.array(keyword), value);
      case "items" -> {
        Place items = place.child(keyword);
        yield items.node.isArray()
            ? prefix(items, value)
            : rest(items, value, place.node.path("prefixItems").size());
      }
      case "additionalItems" -> {
        boolean tuple = place.node.path("items").isArray();
        yield !tuple || rest(place.child(keyword), value, place.node.get("items").size());
      }
      case "unevaluatedItems" -> {
        for (int i = evaluated.prefix; i < value.size(); i++) {
          if (!evaluated.items.contains(i) && !partHolds(place.child(keyword), value.get(i))) {
            yield false;
          }
        }
        evaluated.prefix = value.size();
        yield true;
      }
      default -> true;
    };
  }

  private static boolean isDistinct(JsonNode array) {
    Set<String> keys = new HashSet<>();
    for (JsonNode item : array) {
      if (!keys.add(JsonValues.key(item))) {
        return false;
      }
    }
    return true;
  }

  private boolean prefix(Place schemas, JsonNode value) {
    for (int i = 0; i < Math.min(schemas.node.size(), value.size()); i++) {
      if (!partHolds(schemas.child(i), value.get(i))) {
        return false;
      }
    }
    evaluated.prefix = Math.max(evaluated.prefix, Math.min(schemas.node.size(), value.size()));
    return true;
  }

  private boolean rest(Place schema, JsonNode value, int from) {
    for (int i = from; i < value.size(); i++) {
      if (!partHolds(schema, value.get(i))) {
        return false;
      }
    }
    evaluated.prefix = value.size();
    return true;
  }

  private boolean object(Place place, String keyword, JsonNode value) {
    switch (keyword) {
      case "required" -> {
        boolean list = !place.child(keyword).node.isBoolean();
        return verdict(!list || Names.of(place, keyword).stream().allMatch(value::has), place, keyword);
      }
      case "minProperties" -> {
        return verdict(value.size() >= place.count(keyword), place, keyword);
      }
      case "maxProperties" -> {
        return verdict(value.size() <= place.count(keyword), place, keyword);
      }
      case "dependentRequired" -> {
        return dependencies(place.object(keyword), value);
      }
      default -> {
        // member by member
      }
    }
    for (Map.Entry<String, JsonNode> member : value.properties()) {
      if (!member(place, keyword, member.getKey(), member.getValue())) {
        return false;
      }
    }
    return true;
  }

  private boolean member(Place place, String keyword, String name, JsonNode value) {
    List<Place> schemas = new ArrayList<>();
    switch (keyword) {
      case "properties" -> {
        if (place.object(keyword).has(name)) {
          schemas.add(place.child(keyword).child(name));
        }
      }
      case "patternProperties" -> schemas.addAll(patternsFor(place, name));
      case "additionalProperties" -> {
        if (!covers(place, name)) {
          schemas.add(place.child(keyword));
        }
      }
      case "unevaluatedProperties" -> {
        if (!evaluated.names.contains(name)) {
          schemas.add(place.child(keyword));
        }
      }
      default -> {
        return !keyword.equals("propertyNames") || partHolds(place.child(keyword), TextNode.valueOf(name));
      }
    }
    for (Place schema : schemas) {
      if (!partHolds(schema, value)) {
        return false;
      }
      evaluated.names.add(name);
    }
    return true;
  }

  private boolean dependencies(Place map, JsonNode value) {
    for (Map.Entry<String, JsonNode> entry : map.node.properties()) {
      String name = entry.getKey();
      if (!value.has(name)) {
        continue;
      }
      boolean holds =
          entry.getValue().isArray()
              ? verdict(Names.of(map, name).stream().allMatch(value::has), map, name)
              : holds(map.child(name), value);
      if (!holds) {
        return false;
      }
    }
    return true;
  }
}
