package io.github.llava4j.constraint.schema;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** Arrays: a prefix, a rest, how many, and whether equal items may be among them. */
final class ArrayShapes {

  private static final int MOST_DISTINCT = 64;

  private final Session session;
  private final Expander expander;

  ArrayShapes(Session session, Expander expander) {
    this.session = session;
    this.expander = expander;
  }

  private record Member(List<Place> prefix, @Nullable Place rest, Atom.Role role) {}

  /** One shape, or none if no array fits. */
  List<Shape> shapes(Branch branch, boolean loose) {
    List<Member> members = new ArrayList<>();
    int min = 0;
    int max = Integer.MAX_VALUE;
    Place unique = null;
    for (var leaf : branch.leaves.entrySet()) {
      Place place = leaf.getKey();
      Member member = member(place, leaf.getValue(), loose);
      if (member.rest != null || !member.prefix.isEmpty()) {
        members.add(member);
      }
      if (place.has("minItems")) {
        min = Math.max(min, place.count("minItems"));
      }
      if (place.has("maxItems")) {
        max = Math.min(max, place.count("maxItems"));
      }
      if (place.has("uniqueItems") && place.flag("uniqueItems")) {
        unique = place;
      }
      if (place.has("contains")) {
        int least = place.has("minContains") ? place.count("minContains") : 1;
        boolean limited = place.has("maxContains");
        if (place.child("contains").isTrue()) {
          min = Math.max(min, least);
          max = limited ? Math.min(max, place.count("maxContains")) : max;
        } else if (place.child("contains").isFalse()) {
          max = least > 0 ? -1 : max;
        } else if ((least > 0 || limited) && !loose) {
          session.unsupported(place, "contains", "a grammar cannot count the items that fit", true);
        }
      }
    }
    List<Atom> each = new ArrayList<>();
    for (Atom atom : branch.atoms) {
      if (atom instanceof Atom.Each item) {
        each.add(item.item());
      } else if (atom instanceof Atom.Violated violated && violated.keyword().equals("minItems")) {
        max = Math.min(max, violated.place().count("minItems") - 1);
      } else if (atom instanceof Atom.Violated violated && violated.keyword().equals("maxItems")) {
        int count = violated.place().count("maxItems");
        min = Math.max(min, count == Integer.MAX_VALUE ? count : count + 1);
      }
    }
    if (min > max) {
      return List.of();
    }
    int length = 0;
    for (Member member : members) {
      length = Math.max(length, member.prefix.size());
    }
    List<Conjunction> prefix = new ArrayList<>();
    for (int i = 0; i < Math.min(length, max); i++) {
      prefix.add(at(i, members, each));
    }
    Conjunction rest = at(Integer.MAX_VALUE, members, each);
    List<JsonNode> distinct = null;
    if (unique != null && max > 1 && !loose) {
      distinct = prefix.isEmpty() ? expander.finite(rest) : null;
      if (distinct == null || distinct.size() > MOST_DISTINCT) {
        distinct = null;
        session.unsupported(
            unique, "uniqueItems", "only items of at most " + MOST_DISTINCT + " listed values can be told apart", true);
      }
    }
    return List.of(new Shape.Items(prefix, rest, min, max, distinct));
  }

  private Conjunction at(int i, List<Member> members, List<Atom> each) {
    List<Atom> atoms = new ArrayList<>(each);
    for (Member member : members) {
      Place schema = i < member.prefix.size() ? member.prefix.get(i) : member.rest;
      if (schema != null) {
        atoms.add(new Atom.Whole(schema.schema(), member.role));
      }
    }
    return session.conjunction(atoms);
  }

  private Member member(Place place, Atom.Role role, boolean loose) {
    boolean tuple = place.has("items") && place.child("items").node.isArray();
    List<Place> prefix = new ArrayList<>();
    Place rest = null;
    String list = tuple ? "items" : "prefixItems";
    if (place.has(list)) {
      Place schemas = place.array(list);
      for (int i = 0; i < schemas.node.size(); i++) {
        prefix.add(schemas.child(i));
      }
    }
    if (tuple) {
      rest = place.has("additionalItems") ? place.child("additionalItems") : null;
    } else if (place.has("items")) {
      rest = place.child("items");
    }
    if (rest == null && place.has("unevaluatedItems")) {
      Place unevaluated = place.child("unevaluatedItems");
      if (hasInPlace(place) || place.has("contains")) {
        if (!unevaluated.isTrue() && !loose) {
          session.unsupported(place, "unevaluatedItems", "other keywords beside it apply to the same array", true);
        }
      } else {
        rest = unevaluated;
      }
    }
    return new Member(prefix, rest, role);
  }

  static boolean hasInPlace(Place place) {
    for (String keyword : Keywords.IN_PLACE) {
      if (place.has(keyword)) {
        return true;
      }
    }
    return false;
  }
}
