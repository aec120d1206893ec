package io.github.llava4j.constraint.schema;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** In which ways a schema can fail to hold: one of its keywords is violated. */
final class Negation {

  private static final int MOST_OF_ONE_OF = 8;

  private final Session session;

  Negation(Session session) {
    this.session = session;
  }

  /** Whether all those ways, down to the last, can be said. */
  boolean isPossible(Place schema) {
    Set<Place> seen = new HashSet<>();
    Deque<Place> open = new ArrayDeque<>();
    open.push(schema);
    while (!open.isEmpty()) {
      session.work.spend(1);
      Place place = open.pop().schema();
      if (!seen.add(place)) {
        continue;
      }
      List<List<Atom>> ways = ways(place);
      if (ways == null) {
        return false;
      }
      for (List<Atom> way : ways) {
        for (Atom atom : way) {
          Atom inner = atom instanceof Atom.Member member ? member.value() : atom;
          inner = inner instanceof Atom.Each each ? each.item() : inner;
          if (inner instanceof Atom.Whole whole && whole.role() == Atom.Role.NOT) {
            open.push(whole.place());
          }
        }
      }
    }
    return true;
  }

  /** Each way as statements that hold together; null if some way cannot be said. */
  @Nullable List<List<Atom>> ways(Place place) {
    List<List<Atom>> ways = new ArrayList<>();
    if (place.node.isBoolean()) {
      if (place.isFalse()) {
        ways.add(List.of());
      }
      return ways;
    }
    boolean hidden = session.document.hidesSiblings(place);
    for (Map.Entry<String, JsonNode> member : place.node.properties()) {
      String keyword = member.getKey();
      if (hidden && !keyword.equals("$ref")) {
        continue;
      }
      if (!add(place, keyword, ways)) {
        return null;
      }
    }
    return ways;
  }

  private boolean add(Place place, String keyword, List<List<Atom>> ways) {
    switch (keyword) {
      case "type" -> ways.add(List.of(new Atom.OfType(Types.ALL & ~Types.of(place))));
      case "const", "enum" -> ways.add(List.of(new Atom.Violated(place, keyword)));
      case "exclusiveMinimum", "exclusiveMaximum" -> {
        if (!place.child(keyword).node.isBoolean()) {
          violated(place, keyword, Types.NUMBER, ways);
        }
      }
      case "minimum", "maximum", "multipleOf" -> violated(place, keyword, Types.NUMBER, ways);
      case "minLength", "maxLength", "pattern" -> violated(place, keyword, Types.STRING, ways);
      case "format" -> {
        if (session.format(place) != null) {
          violated(place, keyword, Types.STRING, ways);
        }
      }
      case "minItems", "maxItems" -> violated(place, keyword, Types.ARRAY, ways);
      case "minProperties", "maxProperties" -> violated(place, keyword, Types.OBJECT, ways);
      case "required" -> {
        if (place.child(keyword).node.isArray()) {
          for (String name : Names.of(place, keyword)) {
            ways.add(List.of(new Atom.OfType(Types.OBJECT), new Atom.Absent(name)));
          }
        }
      }
      case "properties" -> {
        Place properties = place.object(keyword);
        properties.node
            .fieldNames()
            .forEachRemaining(
                name -> {
                  Atom.Whole value = new Atom.Whole(properties.child(name).schema(), Atom.Role.NOT);
                  if (!value.isFalse()) {
                    ways.add(
                        List.of(
                            new Atom.OfType(Types.OBJECT),
                            new Atom.Present(name, true),
                            new Atom.Member(name, value)));
                  }
                });
      }
      case "additionalProperties" -> {
        if (place.child(keyword).isFalse()) {
          ways.add(List.of(new Atom.OfType(Types.OBJECT), new Atom.Outside(place)));
        } else {
          return place.child(keyword).isTrue();
        }
      }
      case "dependentRequired", "dependentSchemas", "dependencies" -> dependencies(place.object(keyword), ways);
      case "contains" -> {
        if (place.has("minContains") || place.has("maxContains")) {
          return false;
        }
        ways.add(
            List.of(
                new Atom.OfType(Types.ARRAY),
                new Atom.Each(new Atom.Whole(place.child(keyword).schema(), Atom.Role.NOT))));
      }
      case "allOf" -> {
        for (Atom.Whole each : wholes(place.array(keyword), Atom.Role.NOT)) {
          ways.add(List.of(each));
        }
      }
      case "anyOf" -> ways.add(List.copyOf(wholes(place.array(keyword), Atom.Role.NOT)));
      case "oneOf" -> {
        Place one = place.array(keyword);
        int size = one.node.size();
        ways.add(List.copyOf(wholes(one, Atom.Role.NOT)));
        for (int i = 0; i < size; i++) {
          for (int j = i + 1; j < size; j++) {
            ways.add(
                List.of(
                    new Atom.Whole(one.child(i), Atom.Role.GUEST), new Atom.Whole(one.child(j), Atom.Role.GUEST)));
          }
        }
        return size <= MOST_OF_ONE_OF;
      }
      case "not" -> ways.add(List.of(new Atom.Whole(place.child(keyword).schema(), Atom.Role.GUEST)));
      case "if" -> {
        Place condition = place.child("if").schema();
        if (place.has("then")) {
          ways.add(
              List.of(
                  new Atom.Whole(condition, Atom.Role.GUEST),
                  new Atom.Whole(place.child("then").schema(), Atom.Role.NOT)));
        }
        if (place.has("else")) {
          ways.add(
              List.of(
                  new Atom.Whole(condition, Atom.Role.NOT),
                  new Atom.Whole(place.child("else").schema(), Atom.Role.NOT)));
        }
      }
      case "$ref" -> {
        Place target = session.target(place);
        if (target == null) {
          return false;
        }
        ways.add(List.of(new Atom.Whole(target, Atom.Role.NOT)));
      }
      case "uniqueItems" -> {
        return !place.flag(keyword);
      }
      case "items", "additionalItems", "unevaluatedItems", "unevaluatedProperties", "propertyNames" -> {
        return place.child(keyword).isTrue();
      }
      case "minContains", "maxContains" -> {
        return !place.has("contains");
      }
      case "prefixItems", "patternProperties", "$dynamicRef", "$recursiveRef" -> {
        return false;
      }
      default -> {
        // says nothing, so it is never violated
      }
    }
    return true;
  }

  private static void violated(Place place, String keyword, int types, List<List<Atom>> ways) {
    ways.add(List.of(new Atom.OfType(types), new Atom.Violated(place, keyword)));
  }

  private static void dependencies(Place map, List<List<Atom>> ways) {
    map.node
        .fieldNames()
        .forEachRemaining(
            name -> {
              Atom object = new Atom.OfType(Types.OBJECT);
              Atom present = new Atom.Present(name, true);
              if (map.child(name).node.isArray()) {
                for (String needed : Names.of(map, name)) {
                  ways.add(List.of(object, present, new Atom.Absent(needed)));
                }
              } else {
                ways.add(List.of(object, present, new Atom.Whole(map.child(name).schema(), Atom.Role.NOT)));
              }
            });
  }

  static List<Atom.Whole> wholes(Place list, Atom.Role role) {
    List<Atom.Whole> result = new ArrayList<>();
    for (int i = 0; i < list.node.size(); i++) {
      result.add(new Atom.Whole(list.child(i).schema(), role));
    }
    return result;
  }
}
