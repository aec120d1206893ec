package io.github.llava4j.constraint.schema;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.llava4j.constraint.regular.Language;
import org.jspecify.annotations.Nullable;

/** Multiplies alternatives out: a conjunction becomes branches without choices, one of which holds. */
final class Expander {

  private static final int MOST_BRANCHES = 64;
  private static final int MOST_WITH_ONE_CHOICE = 1_024;
  private static final int MOST_PAIRED = 48;

  /** How deep properties are looked into to prove that nothing fits. */
  private static final int PROOF_DEPTH = 3;

  /**
   * @param alternatives if the conjunction is nothing but a choice: what to choose from
   * @param branches otherwise
   */
  record Expansion(@Nullable List<Conjunction> alternatives, List<Branch> branches) {}

  private record Query(Conjunction conjunction, int depth) {}

  private final Session session;
  private final Negation negation;
  private final SchemaValidator validator;
  private final Leaf leaf;
  private final Map<Query, Boolean> proofs = new HashMap<>();

  Expander(Session session) {
    this.session = session;
    negation = new Negation(session);
    validator = new SchemaValidator(session);
    leaf = new Leaf(session, this);
  }

  /** What a branch leaves possible, type by type. */
  List<Shape> shapes(Branch branch) {
    return leaf.shapes(branch, false);
  }

  Expansion expand(Conjunction conjunction) {
    Branch first = new Branch(session, conjunction);
    if (first.plain && first.types == Types.ALL && first.pending.size() == 1 && !first.hasValues) {
      Branch.Pending only = first.pending.peek();
      List<List<Atom>> ways = ways(only, first, false);
      if (ways.size() > 1) {
        List<Conjunction> alternatives = new ArrayList<>();
        for (List<Atom> way : ways) {
          alternatives.add(session.conjunction(way));
        }
        return new Expansion(alternatives, List.of());
      }
    }
    List<Branch> branches = branches(first, false);
    return new Expansion(null, branches == null ? List.of() : branches);
  }

  /** The values that a conjunction allows, if they are listed or can be; null if they are too many to say. */
  @Nullable List<JsonNode> finite(Conjunction conjunction) {
    Branch first = new Branch(session, conjunction);
    List<Branch> branches = branches(first, true);
    if (branches == null) {
      return null;
    }
    Map<String, JsonNode> values = new LinkedHashMap<>();
    for (Branch branch : branches) {
      if (branch.values == null && (branch.types & ~(Types.NULL | Types.BOOLEAN)) != 0) {
        return null;
      }
      for (Shape shape : leaf.shapes(branch, true)) {
        if (!(shape instanceof Shape.Values listed)) {
          return null;
        }
        listed.values().forEach(value -> values.put(JsonValues.key(value), value));
      }
    }
    values.values().removeIf(value -> !validator.accepts(conjunction.atoms, value));
    return List.copyOf(values.values());
  }

  /** The strings for which these hold, as property names. */
  Language strings(List<Atom> atoms, boolean loose) {
    List<Atom> all = new ArrayList<>(atoms);
    all.add(new Atom.OfType(Types.STRING));
    List<Branch> branches = branches(new Branch(session, session.conjunction(all)), loose);
    if (branches == null) {
      return Language.any();
    }
    List<Language> languages = new ArrayList<>();
    for (Branch branch : branches) {
      for (Shape shape : leaf.shapes(branch, loose)) {
        if (shape instanceof Shape.Values values) {
          languages.add(Language.ofAll(values.values().stream().map(JsonNode::textValue).toList()));
        } else if (shape instanceof Shape.Text text && !text.isEmpty()) {
          languages.add(text.language().withLength(text.min(), text.max()));
        }
      }
    }
    return Language.union(languages.toArray(Language[]::new));
  }

  /** The branches; loosely: of something that holds whenever the conjunction does; null if those are too many. */
  private @Nullable List<Branch> branches(Branch first, boolean loose) {
    Deque<Branch> open = new ArrayDeque<>();
    List<Branch> done = new ArrayList<>();
    open.push(first);
    while (!open.isEmpty()) {
      session.work.spend(2);
      Branch branch = open.pop();
      if (branch.types == 0) {
        continue;
      }
      if (branch.hasValues) {
        branch.values = listed(branch);
        if (!branch.values.isEmpty()) {
          done.add(branch);
        }
        continue;
      }
      Branch.Pending next = branch.pending.poll();
      if (next == null) {
        done.add(branch);
        continue;
      }
      List<List<Atom>> ways = ways(next, branch, loose);
      int most = branch.choices == 0 ? MOST_WITH_ONE_CHOICE : MOST_BRANCHES;
      if (ways.size() > 1 && open.size() + done.size() + ways.size() > most) {
        if (loose) {
          return null;
        }
        session.unsupported(next.place(), next.keyword(), "it multiplies with others to more than " + most + " cases", true);
        open.push(branch);
        continue;
      }
      for (int i = ways.size() - 1; i >= 0; i--) {
        Branch chosen = ways.size() == 1 ? branch : branch.copy();
        chosen.choices += ways.size() == 1 ? 0 : 1;
        chosen.add(ways.get(i));
        boolean prune = !loose && chosen.choices > 1 || !loose && !chosen.pending.isEmpty() && chosen.choices > 0;
        if (!prune || !isEmpty(chosen, PROOF_DEPTH)) {
          open.push(chosen);
        }
      }
    }
    return done;
  }

  private List<JsonNode> listed(Branch branch) {
    List<JsonNode> fewest = null;
    for (Atom atom : branch.atoms) {
      if (atom instanceof Atom.Whole whole && whole.role() != Atom.Role.NOT) {
        for (String keyword : new String[] {"const", "enum"}) {
          if (whole.place().has(keyword) && !session.document.hidesSiblings(whole.place())) {
            List<JsonNode> values = Session.values(whole.place(), keyword);
            fewest = fewest == null || values.size() < fewest.size() ? values : fewest;
          }
        }
      }
    }
    Map<String, JsonNode> result = new LinkedHashMap<>();
    for (JsonNode value : fewest == null ? List.<JsonNode>of() : fewest) {
      session.work.spend(1);
      if (JsonValues.isWritable(value) && validator.accepts(branch.judges == null ? branch.atoms : branch.judges, value)) {
        result.putIfAbsent(JsonValues.key(value), value);
      }
    }
    return List.copyOf(result.values());
  }

  /** What may be chosen; a single empty way if the choice cannot be enforced and is left out. */
  private List<List<Atom>> ways(Branch.Pending pending, Branch branch, boolean loose) {
    Place place = pending.place();
    Atom.Role role = pending.role();
    return switch (pending.keyword()) {
      case "anyOf" -> singles(Negation.wholes(place.array("anyOf"), role));
      case "oneOf" -> loose ? singles(Negation.wholes(place.array("oneOf"), role)) : oneOf(place, role, branch);
      case "not" -> not(place, loose);
      case "if" -> condition(place, role, loose);
      case "additionalProperties" -> outside(place, branch);
      default -> {
        Place schema = place.child(pending.keyword()).child(pending.name()).schema();
        yield List.of(
            List.of(new Atom.Absent(pending.name())),
            List.of(
                new Atom.OfType(Types.OBJECT),
                new Atom.Present(pending.name(), false),
                new Atom.Whole(schema, role)));
      }
    };
  }

  private static List<List<Atom>> singles(List<Atom.Whole> wholes) {
    List<List<Atom>> ways = new ArrayList<>();
    for (Atom.Whole whole : wholes) {
      ways.add(List.of(whole));
    }
    return ways;
  }

  private List<List<Atom>> not(Place place, boolean loose) {
    List<List<Atom>> ways = negation.ways(place);
    if (ways == null || !negation.isPossible(place)) {
      if (!loose) {
        unsupportedNot(place);
      }
      return List.of(List.of());
    }
    return ways;
  }

  private void unsupportedNot(Place place) {
    String pointer = place.pointer;
    session.unsupported(
        place, "not", "its schema at " + pointer + " has a keyword whose contrary a grammar cannot say", true);
  }

  private List<List<Atom>> condition(Place place, Atom.Role role, boolean loose) {
    Place condition = place.child("if").schema();
    if (!negation.isPossible(condition)) {
      if (!loose) {
        session.unsupported(place, "if", "it has a keyword whose contrary a grammar cannot say", true);
      }
      return List.of(List.of());
    }
    List<Atom> met = new ArrayList<>(List.of(new Atom.Whole(condition, role)));
    if (place.has("then")) {
      met.add(new Atom.Whole(place.child("then").schema(), role));
    }
    List<Atom> unmet = new ArrayList<>(List.of(new Atom.Whole(condition, Atom.Role.NOT)));
    if (place.has("else")) {
      unmet.add(new Atom.Whole(place.child("else").schema(), role));
    }
    return List.of(met, unmet);
  }

  /** One of the properties that the branch declares and the place does not. */
  private List<List<Atom>> outside(Place place, Branch branch) {
    if (!branch.pending.isEmpty()) {
      // what the other choices declare counts, too
      boolean last = branch.pending.stream().allMatch(other -> other.keyword().equals("additionalProperties"));
      if (!last) {
        branch.pending.add(new Branch.Pending(place, "additionalProperties", "", Atom.Role.NOT));
        return List.of(List.of());
      }
    }
    Set<String> names = new LinkedHashSet<>();
    branch.declaring.forEach(
        (declaring, role) -> {
          if (role == Atom.Role.HOST) {
            declaring.object("properties").node.fieldNames().forEachRemaining(names::add);
          }
        });
    for (Place other : branch.leaves.keySet()) {
      if (other.has("required")) {
        names.addAll(Names.of(other, "required"));
      }
    }
    List<List<Atom>> ways = new ArrayList<>();
    for (String name : names) {
      if (!validator.covers(place, name)) {
        ways.add(List.of(new Atom.Present(name, false)));
      }
    }
    return ways;
  }

  /**
   * Exactly one: where two alternatives cannot hold both, to choose one is enough; where they could, the others are
   * forbidden in so many words.
   */
  private List<List<Atom>> oneOf(Place place, Atom.Role role, Branch branch) {
    Place list = place.array("oneOf");
    List<Atom.Whole> wholes = Negation.wholes(list, role);
    int size = wholes.size();
    if (size == 1 || isListed(wholes)) {
      return singles(wholes);
    }
    List<List<Atom>> ways = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      List<Atom> way = new ArrayList<>(List.of(wholes.get(i)));
      for (int j = 0; j < size; j++) {
        if (i == j || size <= MOST_PAIRED && isExclusive(branch, wholes.get(i), wholes.get(j).place())) {
          continue;
        }
        if (size > MOST_PAIRED || !negation.isPossible(wholes.get(j).place())) {
          session.unsupported(
              place,
              "oneOf",
              size > MOST_PAIRED
                  ? "it has more than " + MOST_PAIRED + " alternatives"
                  : "the alternatives " + i + " and " + j + " cannot be told apart",
              true);
          return singles(wholes);
        }
        way.add(new Atom.Whole(wholes.get(j).place(), Atom.Role.NOT));
      }
      ways.add(way);
    }
    return ways;
  }

  /** Whether all alternatives list their values, and none a value of another. */
  private boolean isListed(List<Atom.Whole> wholes) {
    Set<String> keys = new HashSet<>();
    for (Atom.Whole whole : wholes) {
      Branch branch = new Branch(session, session.conjunction(List.of(whole)));
      if (!branch.hasValues) {
        return false;
      }
      for (JsonNode value : listed(branch)) {
        if (!keys.add(JsonValues.key(value))) {
          return false;
        }
      }
    }
    return true;
  }

  /** Whether what is written for one alternative never fits the other. */
  private boolean isExclusive(Branch branch, Atom.Whole one, Place other) {
    Branch both = branch.copy();
    List<Atom> two = List.of(one, new Atom.Whole(other, Atom.Role.GUEST));
    both.pending.clear();
    both.judges = two;
    both.add(two);
    return isEmpty(both, PROOF_DEPTH);
  }

  /** Whether nothing fits a conjunction, as far as can be seen at little cost. */
  boolean isEmpty(Conjunction conjunction, int depth) {
    if (conjunction.isAny() || depth <= 0) {
      return false;
    }
    Query query = new Query(conjunction, depth);
    Boolean known = proofs.get(query);
    if (known == null) {
      // until it is known otherwise; a schema may contain itself
      proofs.put(query, false);
      Branch first = new Branch(session, conjunction);
      known = isEmpty(first, depth);
      proofs.put(query, known);
    }
    return known;
  }

  private boolean isEmpty(Branch start, int depth) {
    if (start.types == 0) {
      return true;
    }
    List<Branch> branches = branches(start.copy(), true);
    if (branches == null) {
      return false;
    }
    for (Branch branch : branches) {
      for (Shape shape : leaf.shapes(branch, true)) {
        if (!isEmpty(shape, depth)) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean isEmpty(Shape shape, int depth) {
    return switch (shape) {
      case Shape.Values values -> values.values().isEmpty();
      case Shape.Numbers numbers -> numbers.language().isNone();
      case Shape.Text text -> text.isEmpty();
      case Shape.Items items -> {
        for (int i = 0; i < Math.min(items.min(), items.prefix().size()); i++) {
          if (isEmpty(items.prefix().get(i), depth - 1)) {
            yield true;
          }
        }
        yield items.min() > items.prefix().size() && isEmpty(items.rest(), depth - 1);
      }
      case Shape.Fields fields -> {
        for (Shape.Field field : fields.fields()) {
          if (field.required() && isEmpty(field.value(), depth - 1)) {
            yield true;
          }
        }
        yield false;
      }
    };
  }
}
