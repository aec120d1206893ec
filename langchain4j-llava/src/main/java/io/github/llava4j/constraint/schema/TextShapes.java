package io.github.llava4j.constraint.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.llava4j.ConstraintException;
import io.github.llava4j.constraint.regular.Language;
import org.jspecify.annotations.Nullable;

/** Strings of a pattern, a format and a length. */
final class TextShapes {

  private final Session session;

  TextShapes(Session session) {
    this.session = session;
  }

  Shape.Text shape(Branch branch, List<JsonNode> excluded, boolean loose) {
    Language language = Language.any();
    int min = 0;
    int max = Integer.MAX_VALUE;
    for (Place place : branch.leaves.keySet()) {
      language = narrowed(language, place, "pattern", pattern(place, loose), loose);
      if (place.has("format")) {
        Language format = session.format(place);
        if (format == null && !loose) {
          session.ignore(place, "format");
        }
        language = narrowed(language, place, "format", format, loose);
      }
      if (place.has("minLength")) {
        min = Math.max(min, place.count("minLength"));
      }
      if (place.has("maxLength")) {
        max = Math.min(max, place.count("maxLength"));
      }
    }
    for (Atom atom : branch.atoms) {
      if (atom instanceof Atom.Violated violated) {
        Place place = violated.place();
        switch (violated.keyword()) {
          case "minLength" -> max = Math.min(max, place.count("minLength") - 1);
          case "maxLength" -> {
            int count = place.count("maxLength");
            min = Math.max(min, count == Integer.MAX_VALUE ? count : count + 1);
          }
          case "pattern" -> language = widened(language, place, "pattern", pattern(place, loose), loose);
          case "format" -> language = widened(language, place, "format", session.format(place), loose);
          default -> {
            // of another type
          }
        }
      }
    }
    List<String> forbidden = new ArrayList<>();
    for (JsonNode value : excluded) {
      if (value.isTextual() && JsonValues.isWritable(value.textValue())) {
        forbidden.add(value.textValue());
      }
    }
    if (!forbidden.isEmpty()) {
      language = language.minus(Language.ofAll(forbidden));
    }
    session.work.spend(2);
    return new Shape.Text(max < 0 ? Language.none() : language, min, Math.max(0, max));
  }

  private @Nullable Language pattern(Place place, boolean loose) {
    if (!place.has("pattern")) {
      return null;
    }
    String regex = place.text("pattern");
    return session.pattern(place, "pattern", place.child("pattern"), regex);
  }

  private Language narrowed(Language all, Place place, String keyword, @Nullable Language by, boolean loose) {
    if (by == null || by.isAny()) {
      return all;
    }
    return combined(all.isAny() ? by : null, all, place, keyword, loose, () -> all.and(by));
  }

  private Language widened(Language all, Place place, String keyword, @Nullable Language by, boolean loose) {
    return by == null ? all : combined(null, all, place, keyword, loose, () -> all.minus(by));
  }

  private Language combined(
      @Nullable Language quick,
      Language otherwise,
      Place place,
      String keyword,
      boolean loose,
      Supplier<Language> language) {
    if (quick != null) {
      return quick;
    }
    if (loose) {
      try {
        return language.get();
      } catch (ConstraintException e) {
        return otherwise;
      }
    }
    Language result = session.guarded(place, keyword, true, language);
    return result == null ? otherwise : result;
  }
}
