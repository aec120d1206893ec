package io.github.llava4j.constraint.schema;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * Statements that hold together, while alternatives among them are being chosen: references, {@code allOf} and the like are
 * followed at once, {@code anyOf} and the like wait as choices.
 */
final class Branch {

  /** A choice still to be made. {@code name} is the property that {@code dependentSchemas} is about. */
  record Pending(Place place, String keyword, String name, Atom.Role role) {}

  private final Session session;

  /** Everything that was said, in the order of the document. */
  final Set<Atom> atoms = new LinkedHashSet<>();

  /** Places with keywords of their own, and those among them that declare properties, each in the order of the document. */
  final Map<Place, Atom.Role> leaves = new LinkedHashMap<>();

  final Map<Place, Atom.Role> declaring = new LinkedHashMap<>();
  final Deque<Pending> pending = new ArrayDeque<>();
  int types = Types.ALL;
  int choices;
  boolean hasValues;

  /** Whether nothing but choices was found. */
  boolean plain = true;

  /**
   * What listed values are judged by, if not by everything: while a proof about a choice is sought, the schema that makes
   * the choice must not be its own witness.
   */
  @Nullable List<Atom> judges;

  /** The values that are left, if they are listed. */
  @Nullable List<JsonNode> values;

  private final @Nullable Place origin;

  private Branch(Session session, @Nullable Place origin) {
    this.session = session;
    this.origin = origin;
  }

  /** What a conjunction says. */
  Branch(Session session, Conjunction conjunction) {
    this(
        session,
        conjunction.atoms.size() == 1
                && conjunction.atoms.get(0) instanceof Atom.Whole whole
                && whole.role() == Atom.Role.HOST
            ? whole.place()
            : null);
    add(conjunction.atoms);
  }

  Branch copy() {
    Branch copy = new Branch(session, origin);
    copy.atoms.addAll(atoms);
    copy.leaves.putAll(leaves);
    copy.declaring.putAll(declaring);
    copy.pending.addAll(pending);
    copy.types = types;
    copy.choices = choices;
    copy.hasValues = hasValues;
    copy.plain = plain;
    copy.judges = judges;
    session.work.spend(1 + atoms.size() / 4);
    return copy;
  }

  /** Whether everything said here comes from the schema at that place. */
  boolean isOf(Place place) {
    return origin == place;
  }

  private record Item(Atom atom, @Nullable String keyword) {}

  void add(List<? extends Atom> more) {
    Deque<Item> open = new ArrayDeque<>();
    for (int i = more.size() - 1; i >= 0; i--) {
      open.push(new Item(more.get(i), null));
    }
    while (!open.isEmpty()) {
      session.work.spend(1);
      Item item = open.pop();
      if (item.keyword != null) {
        keyword((Atom.Whole) item.atom, item.keyword, open);
      } else if (atoms.add(item.atom)) {
        atom(item.atom, open);
      }
    }
  }

  private void atom(Atom atom, Deque<Item> open) {
    switch (atom) {
      case Atom.Whole whole -> whole(whole, open);
      case Atom.OfType of -> {
        types &= of.types();
        plain = false;
      }
      case Atom.Outside outside -> pending.add(new Pending(outside.place(), "additionalProperties", "", Atom.Role.NOT));
      default -> plain = false;
    }
  }

  private void whole(Atom.Whole whole, Deque<Item> open) {
    Place place = whole.place().schema();
    if (whole.isTrue() || whole.isFalse()) {
      types = whole.isFalse() ? 0 : types;
      return;
    }
    if (whole.role() == Atom.Role.NOT) {
      if (holds(place)) {
        types = 0;
      }
      pending.add(new Pending(place, "not", "", Atom.Role.NOT));
      return;
    }
    if (atoms.contains(new Atom.Whole(place, Atom.Role.NOT))) {
      types = 0;
    }
    if (session.document.hidesSiblings(place)) {
      open.push(new Item(whole, "$ref"));
      return;
    }
    List<String> keywords = new ArrayList<>();
    place.node.fieldNames().forEachRemaining(keywords::add);
    for (int i = keywords.size() - 1; i >= 0; i--) {
      open.push(new Item(whole, keywords.get(i)));
    }
  }

  private boolean holds(Place place) {
    return atoms.contains(new Atom.Whole(place, Atom.Role.HOST))
        || atoms.contains(new Atom.Whole(place, Atom.Role.GUEST));
  }

  private void keyword(Atom.Whole whole, String keyword, Deque<Item> open) {
    Place place = whole.place();
    Atom.Role role = whole.role();
    switch (keyword) {
      case "$ref" -> {
        Place target = session.target(place);
        if (target != null) {
          open.push(new Item(new Atom.Whole(target, role), null));
        }
      }
      case "allOf" -> {
        Place all = place.array(keyword);
        for (int i = all.node.size() - 1; i >= 0; i--) {
          open.push(new Item(new Atom.Whole(all.child(i), role), null));
        }
      }
      case "not" -> open.push(new Item(new Atom.Whole(place.child("not"), Atom.Role.NOT), null));
      case "type" -> {
        types &= Types.of(place);
        plain = false;
      }
      case "const", "enum" -> {
        hasValues = true;
        plain = false;
      }
      case "anyOf", "oneOf" -> pending.add(new Pending(place, keyword, "", role));
      case "if" -> {
        if (place.has("then") || place.has("else")) {
          pending.add(new Pending(place, keyword, "", role));
        }
      }
      case "dependentSchemas", "dependencies" -> {
        Place schemas = place.object(keyword);
        schemas.node
            .fieldNames()
            .forEachRemaining(
                name -> {
                  if (!schemas.child(name).node.isArray()) {
                    pending.add(new Pending(place, keyword, name, role));
                  }
                });
        leaf(place, role);
      }
      case "$dynamicRef", "$recursiveRef" ->
          session.unsupported(place, keyword, "where it leads depends on how the schema is used", false);
      default -> {
        if (keyword.equals("properties")) {
          declaring.merge(place, role, Branch::stronger);
        }
        if (Keywords.isLeaf(keyword)) {
          leaf(place, role);
        } else if (!Keywords.SILENT.contains(keyword)) {
          session.ignore(place, keyword);
        }
      }
    }
  }

  private void leaf(Place place, Atom.Role role) {
    plain = false;
    leaves.merge(place, role, Branch::stronger);
  }

  private static Atom.Role stronger(Atom.Role a, Atom.Role b) {
    return a == Atom.Role.HOST ? a : b;
  }
}
