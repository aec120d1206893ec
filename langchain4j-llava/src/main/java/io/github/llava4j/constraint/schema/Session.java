package io.github.llava4j.constraint.schema;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.llava4j.ConstraintException;
import io.github.llava4j.UnsupportedConstraintException;
import io.github.llava4j.constraint.regular.Formats;
import io.github.llava4j.constraint.regular.Language;
import io.github.llava4j.constraint.regular.Patterns;
import org.jspecify.annotations.Nullable;

/** What the compilation of one schema shares: the document, what was found out, what was left out. */
final class Session {

  final SchemaDocument document;
  final SchemaOptions options;
  final Work work = new Work();
  private final Set<String> ignored = new LinkedHashSet<>();
  private boolean needsCheck;
  private final Map<Place, Optional<Language>> patterns = new HashMap<>();
  private final Map<Place, Optional<Place>> targets = new HashMap<>();
  private final Map<Place, Set<String>> valueKeys = new HashMap<>();
  private final Map<Atom, Integer> atomNumbers = new HashMap<>();
  private final Map<String, Conjunction> conjunctions = new HashMap<>();

  Session(SchemaDocument document, SchemaOptions options) {
    this.document = document;
    this.options = options;
  }

  List<String> ignored() {
    return List.copyOf(ignored);
  }

  boolean needsCheck() {
    return needsCheck;
  }

  void ignore(Place place, String keyword) {
    ignored.add(keyword + " at " + place.pointer);
  }

  /**
   * Deals with a keyword that cannot be enforced, as the options say.
   *
   * @param checkable whether {@link SchemaValidator} can judge it afterwards
   */
  void unsupported(Place place, String keyword, String why, boolean checkable) {
    switch (options.unsupported()) {
      case IGNORE -> ignore(place, keyword);
      case CHECK -> {
        if (!checkable) {
          throw refusal(place, keyword, why);
        }
        needsCheck = true;
      }
      case REFUSE -> throw refusal(place, keyword, why);
    }
  }

  static UnsupportedConstraintException refusal(Place place, String keyword, String why) {
    return new UnsupportedConstraintException(
        keyword + " at " + place.pointer + " cannot be enforced: " + why + "; change it, leave it out, or have it ignored");
  }

  /** The texts of {@code pattern} or of a key of {@code patternProperties}; nothing if it cannot be one and is ignored. */
  @Nullable Language pattern(Place owner, String keyword, Place at, String regex) {
    Optional<Language> known = patterns.get(at);
    if (known == null) {
      Language language = guarded(owner, keyword, false, () -> Patterns.search(regex));
      known = Optional.ofNullable(language);
      patterns.put(at, known);
    }
    return known.orElse(null);
  }

  @Nullable Language format(Place place) {
    return Formats.of(place.text("format")).orElse(null);
  }

  /** A language that some keyword asks for, or nothing if it cannot be had and the options allow that. */
  @Nullable Language guarded(Place place, String keyword, boolean checkable, Supplier<Language> language) {
    try {
      Language result = language.get();
      work.spend(20 + result.states());
      return result;
    } catch (ConstraintException e) {
      unsupported(place, keyword, e.getMessage(), checkable);
      return null;
    }
  }

  /** Where a reference leads; nothing if outside and ignored. */
  @Nullable Place target(Place from) {
    Optional<Place> known = targets.get(from);
    if (known == null) {
      known = Optional.ofNullable(found(from));
      targets.put(from, known);
    }
    return known.orElse(null);
  }

  private @Nullable Place found(Place from) {
    try {
      return document.target(from);
    } catch (UnsupportedConstraintException e) {
      if (options.unsupported() == Unsupported.IGNORE) {
        ignore(from, "$ref");
        return null;
      }
      throw e;
    }
  }

  /** {@code const} or {@code enum} of a place. */
  static List<JsonNode> values(Place place, String keyword) {
    JsonNode value = place.node.get(keyword);
    if (keyword.equals("const")) {
      return List.of(value);
    }
    if (!value.isArray()) {
      throw place.child(keyword).wrong("an array");
    }
    List<JsonNode> result = new ArrayList<>();
    value.forEach(result::add);
    return result;
  }

  boolean isAmong(Place place, String keyword, JsonNode value) {
    Set<String> keys = valueKeys.get(place.child(keyword));
    if (keys == null) {
      keys = new HashSet<>();
      for (JsonNode each : values(place, keyword)) {
        keys.add(JsonValues.key(each));
      }
      valueKeys.put(place.child(keyword), keys);
    }
    return keys.contains(JsonValues.key(value));
  }

  /** A multiple, which is positive. */
  static BigDecimal multiple(Place place) {
    BigDecimal multiple = place.number("multipleOf");
    if (multiple.signum() <= 0) {
      throw place.child("multipleOf").wrong("a number above 0");
    }
    return multiple;
  }

  /** The conjunction of these, with plain references followed and what says nothing left out. */
  Conjunction conjunction(List<? extends Atom> atoms) {
    Map<Atom, Integer> kept = new LinkedHashMap<>();
    for (Atom atom : atoms) {
      Atom next = atom instanceof Atom.Whole whole ? followed(whole) : atom;
      if (!(next instanceof Atom.Whole whole && whole.isTrue())) {
        kept.put(next, atomNumbers.computeIfAbsent(next, key -> atomNumbers.size()));
      }
    }
    kept.keySet()
        .removeIf(
            atom ->
                atom instanceof Atom.Whole whole
                    && whole.role() == Atom.Role.GUEST
                    && kept.containsKey(new Atom.Whole(whole.place(), Atom.Role.HOST)));
    int[] numbers = kept.values().stream().mapToInt(Integer::intValue).sorted().toArray();
    work.spend(1 + numbers.length);
    return conjunctions.computeIfAbsent(
        Arrays.toString(numbers), key -> new Conjunction(new ArrayList<>(kept.keySet())));
  }

  private Atom.Whole followed(Atom.Whole whole) {
    Place place = whole.place().schema();
    Set<Place> seen = new HashSet<>();
    while (seen.add(place) && Keywords.isPlainReference(place, document)) {
      work.spend(1);
      Place target = target(place);
      if (target == null) {
        break;
      }
      place = target;
    }
    return new Atom.Whole(place, whole.role());
  }
}
