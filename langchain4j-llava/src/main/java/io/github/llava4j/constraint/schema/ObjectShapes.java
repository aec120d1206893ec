package io.github.llava4j.constraint.schema;

import java.util.ArrayList;
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

/** Objects: which properties, in which order, and what other keys there may be. */
final class ObjectShapes {

  private static final int MOST_CLASSES = 64;

  private final Session session;
  private final Expander expander;

  ObjectShapes(Session session, Expander expander) {
    this.session = session;
    this.expander = expander;
  }

  private record Pattern(Language language, Place schema) {}

  /**
   * One schema that speaks of properties.
   *
   * @param rest what it says of keys that it neither declares nor has a pattern for
   * @param unevaluated whether {@code rest} is of keys only that no other one covers either
   */
  private record Member(
      @Nullable Place properties, List<Pattern> patterns, @Nullable Place rest, boolean unevaluated, boolean host) {

    boolean covers(String name) {
      return properties != null && properties.has(name)
          || patterns.stream().anyMatch(pattern -> pattern.language.contains(name));
    }
  }

  private static final class Facts {
    final List<Member> members = new ArrayList<>();
    final Set<String> declared = new LinkedHashSet<>();
    final Set<String> mentioned = new LinkedHashSet<>();
    final Set<String> required = new LinkedHashSet<>();
    final Set<String> appended = new HashSet<>();
    final Set<String> absent = new HashSet<>();
    final Map<String, List<Atom>> values = new HashMap<>();
    final Map<String, Set<String>> needs = new LinkedHashMap<>();
    final List<Atom> names = new ArrayList<>();
    int min;
    int max = Integer.MAX_VALUE;
    boolean closed;
    @Nullable Place dependent;
  }

  /** One shape, or none if no object fits. */
  List<Shape> shapes(Branch branch, boolean loose) {
    Facts facts = new Facts();
    branch.declaring.forEach(
        (place, role) -> {
          if (role == Atom.Role.HOST) {
            place.object("properties").node.fieldNames().forEachRemaining(facts.declared::add);
            facts.closed = true;
          }
        });
    branch.leaves.forEach((place, role) -> read(place, role == Atom.Role.HOST, branch, facts, loose));
    read(branch, facts);
    if (!close(facts) || facts.min > facts.max) {
      return List.of();
    }
    Language names = facts.names.isEmpty() ? Language.any() : expander.strings(facts.names, loose);
    List<Shape.Field> fields = new ArrayList<>();
    Set<String> all = new LinkedHashSet<>(facts.declared);
    all.addAll(facts.mentioned);
    for (String name : all) {
      session.work.spend(1 + facts.members.size());
      Conjunction value = value(name, names, facts);
      boolean required = facts.required.contains(name);
      if (value != null) {
        fields.add(new Shape.Field(name, value, required));
      } else if (required) {
        return List.of();
      }
    }
    if (!facts.needs.isEmpty() && !loose && facts.max < Integer.MAX_VALUE) {
      Place place = facts.dependent == null ? session.document.root : facts.dependent;
      session.unsupported(place, "dependentRequired", "it stands beside maxProperties", true);
      facts.needs.clear();
    }
    List<Shape.Free> free = loose ? List.of() : free(names, all, facts);
    return List.of(new Shape.Fields(fields, free, facts.min, facts.max, facts.needs));
  }

  private void read(Place place, boolean host, Branch branch, Facts facts, boolean loose) {
    Place properties = place.has("properties") ? place.object("properties") : null;
    List<Pattern> patterns = new ArrayList<>();
    if (place.has("patternProperties")) {
      Place map = place.object("patternProperties");
      map.node
          .fieldNames()
          .forEachRemaining(
              regex -> {
                Language language = session.pattern(map, regex, map.child(regex), regex);
                if (language != null) {
                  patterns.add(new Pattern(language, map.child(regex).schema()));
                }
              });
    }
    Place rest = place.has("additionalProperties") ? place.child("additionalProperties").schema() : null;
    boolean unevaluated = false;
    if (rest == null && place.has("unevaluatedProperties")) {
      rest = place.child("unevaluatedProperties").schema();
      if (ArrayShapes.hasInPlace(place)) {
        unevaluated = true;
        if (!branch.isOf(place) && !rest.isTrue()) {
          if (!loose) {
            session.unsupported(
                place, "unevaluatedProperties", "other schemas apply to the same object from outside", true);
          }
          rest = null;
        }
      }
    }
    if (properties != null || !patterns.isEmpty() || rest != null) {
      facts.members.add(new Member(properties, patterns, rest, unevaluated, host));
    }
    if (properties != null && !host) {
      properties.node.fieldNames().forEachRemaining(facts.mentioned::add);
    }
    if (place.has("required") && !place.child("required").node.isBoolean()) {
      Set<String> required = Names.of(place, "required");
      facts.required.addAll(required);
      facts.mentioned.addAll(required);
      if (host) {
        facts.appended.addAll(required);
      }
    }
    if (place.has("minProperties")) {
      facts.min = Math.max(facts.min, place.count("minProperties"));
    }
    if (place.has("maxProperties")) {
      facts.max = Math.min(facts.max, place.count("maxProperties"));
    }
    if (place.has("propertyNames")) {
      facts.names.add(new Atom.Whole(place.child("propertyNames").schema(), Atom.Role.HOST));
    }
    for (String keyword : new String[] {"dependentRequired", "dependencies"}) {
      if (place.has(keyword)) {
        Place map = place.object(keyword);
        for (Map.Entry<String, JsonNode> entry : map.node.properties()) {
          if (entry.getValue().isArray()) {
            Set<String> needed = Names.of(map, entry.getKey());
            facts.needs.computeIfAbsent(entry.getKey(), key -> new LinkedHashSet<>()).addAll(needed);
            facts.mentioned.add(entry.getKey());
            facts.mentioned.addAll(needed);
            facts.dependent = place;
          }
        }
      }
    }
  }

  private void read(Branch branch, Facts facts) {
    for (Atom atom : branch.atoms) {
      switch (atom) {
        case Atom.Present present -> {
          facts.required.add(present.name());
          facts.mentioned.add(present.name());
          if (present.append()) {
            facts.appended.add(present.name());
          }
        }
        case Atom.Absent absent -> facts.absent.add(absent.name());
        case Atom.Member member -> {
          facts.values.computeIfAbsent(member.name(), key -> new ArrayList<>()).add(member.value());
          facts.mentioned.add(member.name());
        }
        case Atom.Violated violated -> {
          if (violated.keyword().equals("minProperties")) {
            facts.max = Math.min(facts.max, violated.place().count("minProperties") - 1);
          } else if (violated.keyword().equals("maxProperties")) {
            int count = violated.place().count("maxProperties");
            facts.min = Math.max(facts.min, count == Integer.MAX_VALUE ? count : count + 1);
          }
        }
        default -> {
          // says nothing of objects
        }
      }
    }
    facts.mentioned.addAll(facts.absent);
  }

  /** Follows what needs what; false if something required is forbidden. */
  private boolean close(Facts facts) {
    boolean changed = true;
    while (changed) {
      changed = false;
      for (Map.Entry<String, Set<String>> need : facts.needs.entrySet()) {
        session.work.spend(1 + need.getValue().size());
        Set<String> more = new LinkedHashSet<>();
        for (String name : need.getValue()) {
          more.addAll(facts.needs.getOrDefault(name, Set.of()));
        }
        changed |= need.getValue().addAll(more);
        if (facts.required.contains(need.getKey())) {
          changed |= facts.required.addAll(need.getValue());
        }
      }
    }
    return facts.required.stream().noneMatch(facts.absent::contains);
  }

  /** What a property must be; null if there may be none of that name. */
  private @Nullable Conjunction value(String name, Language names, Facts facts) {
    if (facts.absent.contains(name) || !JsonValues.isWritable(name) || !names.contains(name)) {
      return null;
    }
    boolean covered = facts.members.stream().anyMatch(member -> member.host && member.covers(name));
    List<Atom> atoms = new ArrayList<>();
    boolean offered = facts.declared.contains(name) || facts.appended.contains(name) || !facts.closed;
    for (Member member : facts.members) {
      Atom.Role role = member.host ? Atom.Role.HOST : Atom.Role.GUEST;
      if (member.properties != null && member.properties.has(name)) {
        atoms.add(new Atom.Whole(member.properties.child(name).schema(), role));
      }
      for (Pattern pattern : member.patterns) {
        if (pattern.language.contains(name)) {
          atoms.add(new Atom.Whole(pattern.schema, role));
          offered |= member.host;
        }
      }
      boolean rest = member.rest != null && (member.unevaluated ? !covered : !member.covers(name));
      if (rest) {
        atoms.add(new Atom.Whole(member.rest, role));
        offered |= member.host;
      }
    }
    atoms.addAll(facts.values.getOrDefault(name, List.of()));
    boolean forbidden = atoms.stream().anyMatch(atom -> atom instanceof Atom.Whole whole && whole.isFalse());
    return offered && !forbidden ? session.conjunction(atoms) : null;
  }

  private record KeyClass(Language language, Set<Pattern> patterns) {}

  /** Keys that are not spoken of by name, in classes by the patterns that they match. */
  private List<Shape.Free> free(Language names, Set<String> named, Facts facts) {
    boolean anyHostRest = facts.members.stream().anyMatch(member -> member.host && member.rest != null);
    boolean anyPattern = facts.members.stream().anyMatch(member -> !member.patterns.isEmpty());
    if (facts.closed && !anyHostRest && !anyPattern) {
      return List.of();
    }
    Set<String> writable = new LinkedHashSet<>(named);
    writable.removeIf(name -> !JsonValues.isWritable(name));
    Language others = writable.isEmpty() ? names : names.minus(Language.ofAll(writable));
    List<KeyClass> classes = List.of(new KeyClass(others, Set.of()));
    for (Member member : facts.members) {
      for (Pattern pattern : member.patterns) {
        List<KeyClass> finer = new ArrayList<>();
        for (KeyClass each : classes) {
          session.work.spend(10 + each.language.states() + pattern.language.states());
          Language inside = each.language.and(pattern.language);
          Language outside = each.language.minus(pattern.language);
          if (!inside.isNone()) {
            Set<Pattern> patterns = new LinkedHashSet<>(each.patterns);
            patterns.add(pattern);
            finer.add(new KeyClass(inside, patterns));
          }
          if (!outside.isNone()) {
            finer.add(new KeyClass(outside, each.patterns));
          }
        }
        if (finer.size() > MOST_CLASSES) {
          throw Session.refusal(
              session.document.root, "patternProperties", "the patterns overlap in more than " + MOST_CLASSES + " ways");
        }
        classes = finer;
      }
    }
    List<Shape.Free> result = new ArrayList<>();
    for (KeyClass each : classes) {
      Conjunction value = value(each, facts);
      if (value != null && !each.language.isNone()) {
        result.add(new Shape.Free(each.language, value));
      }
    }
    return result;
  }

  private @Nullable Conjunction value(KeyClass keys, Facts facts) {
    boolean covered =
        facts.members.stream()
            .anyMatch(member -> member.host && member.patterns.stream().anyMatch(keys.patterns::contains));
    boolean offered = !facts.closed;
    List<Atom> atoms = new ArrayList<>();
    for (Member member : facts.members) {
      Atom.Role role = member.host ? Atom.Role.HOST : Atom.Role.GUEST;
      boolean matched = false;
      for (Pattern pattern : member.patterns) {
        if (keys.patterns.contains(pattern)) {
          atoms.add(new Atom.Whole(pattern.schema, role));
          matched = true;
        }
      }
      boolean rest = member.rest != null && (member.unevaluated ? !covered : !matched);
      if (rest) {
        atoms.add(new Atom.Whole(member.rest, role));
      }
      offered |= member.host && (matched || rest);
    }
    boolean forbidden = atoms.stream().anyMatch(atom -> atom instanceof Atom.Whole whole && whole.isFalse());
    return offered && !forbidden ? session.conjunction(atoms) : null;
  }
}
