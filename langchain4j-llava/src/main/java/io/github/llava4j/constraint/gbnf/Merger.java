package io.github.llava4j.constraint.gbnf;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import io.github.llava4j.ConstraintException;
import io.github.llava4j.constraint.grammar.Expression;
import io.github.llava4j.constraint.regular.Language;
import org.jspecify.annotations.Nullable;

/**
 * Puts compiled parts together. What is regular becomes one automaton as long as that stays small: it has one state where
 * the same as a structure would have many at the same time. What does not stay small is left a structure.
 */
final class Merger {

  /** Most states of an automaton that was put together. */
  private static final int MOST_STATES = 256;
  /** Most states of a repetition: a counter serves the longer ones better. */
  private static final int MOST_REPEATED = 64;
  /** A longer text stays a literal, whose tokens are known exactly. */
  private static final int SHORT = 3;
  /** Work that one grammar may cost, in states. */
  private static final int MOST_WORK = 50_000;
  private static final int MOST_FAILURES = 3;

  private int work;
  private int failures;

  /** One after the other. */
  Part sequence(List<Part> parts) {
    List<Part> folded = new ArrayList<>();
    for (Part part : parts) {
      if (part instanceof Part.Nothing) {
        return part;
      }
      Part joined = folded.isEmpty() ? null : joined(folded.getLast(), part);
      if (joined != null) {
        folded.set(folded.size() - 1, joined);
      } else if (!part.equals(Part.EMPTY)) {
        folded.add(part);
      }
    }
    if (folded.size() <= 1) {
      return folded.isEmpty() ? Part.EMPTY : folded.getFirst();
    }
    List<Expression> flat = new ArrayList<>();
    for (Part part : folded) {
      if (part.expression() instanceof Expression.Sequence nested) {
        flat.addAll(nested.parts());
      } else {
        flat.add(part.expression());
      }
    }
    return new Part.Other(new Expression.Sequence(flat));
  }

  private @Nullable Part joined(Part first, Part second) {
    if (second.equals(Part.EMPTY)) {
      return first;
    }
    if (first instanceof Part.Word(String before) && second instanceof Part.Word(String after)) {
      return new Part.Word(before + after);
    }
    Language before = joinable(first);
    Language after = joinable(second);
    if (before == null || after == null || before.states() + after.states() > MOST_STATES) {
      return null;
    }
    return small(() -> Language.concat(before, after), MOST_STATES);
  }

  private static @Nullable Language joinable(Part part) {
    return switch (part) {
      case Part.Word word when word.text().length() <= SHORT -> Language.of(word.text());
      case Part.Regular regular -> regular.language();
      default -> null;
    };
  }

  /** One of them. */
  Part choice(List<Part> alternatives) {
    List<String> words = new ArrayList<>();
    List<Language> languages = new ArrayList<>();
    List<Part> others = new ArrayList<>();
    int states = 0;
    for (Part part : alternatives) {
      switch (part) {
        case Part.Nothing nothing -> { }
        case Part.Word word -> words.add(word.text());
        case Part.Regular regular -> {
          states += regular.language().states();
          if (states <= MOST_STATES) {
            languages.add(regular.language());
          } else {
            others.add(regular);
          }
        }
        case Part.Other other -> others.add(other);
      }
    }
    Part spelled = words(words);
    if (spelled instanceof Part.Regular regular && regular.language().states() <= MOST_STATES && !languages.isEmpty()) {
      languages.add(regular.language());
    } else if (spelled instanceof Part.Word(String text) && text.length() <= SHORT && !languages.isEmpty()) {
      languages.add(Language.of(text));
    } else if (!(spelled instanceof Part.Nothing)) {
      others.add(spelled);
    }
    if (!languages.isEmpty()) {
      Part union = small(() -> Language.union(languages.toArray(Language[]::new)), MOST_STATES);
      if (union == null) {
        languages.forEach(language -> others.add(new Part.Regular(language)));
      } else {
        others.add(union);
      }
    }
    if (others.size() <= 1) {
      return others.isEmpty() ? new Part.Nothing() : others.getFirst();
    }
    return new Part.Other(new Expression.Choice(others.stream().map(Part::expression).toList()));
  }

  /** One of some texts: an automaton of any size, since thousands of alternatives are nothing for it. */
  private Part words(List<String> words) {
    List<String> distinct = words.stream().distinct().toList();
    if (distinct.size() <= 1) {
      return distinct.isEmpty() ? new Part.Nothing() : new Part.Word(distinct.getFirst());
    }
    Part automaton = small(() -> Language.ofAll(distinct), Integer.MAX_VALUE);
    return automaton != null ? automaton : new Part.Other(
        new Expression.Choice(distinct.stream().map(word -> new Part.Word(word).expression()).toList()));
  }

  /** A part several times as one automaton, or null if that cannot be or were large. */
  @Nullable Part repeated(Part item, int min, int max) {
    Language language = switch (item) {
      case Part.Word word -> Language.of(word.text());
      case Part.Regular regular -> regular.language();
      default -> null;
    };
    if (language == null) {
      return null;
    }
    long copies = max == Integer.MAX_VALUE ? Math.max(min, 1) : max;
    if (copies * language.states() <= MOST_REPEATED) {
      return small(() -> language.repeat(min, max), MOST_STATES);
    }
    boolean characters = language.shortestLength() == 1 && language.longestLength() == 1;
    if (!characters || (long) min * language.states() > MOST_REPEATED) {
      return null;
    }
    // A set of characters, many times: its length is counted beside the automaton.
    return small(() -> language.repeat(min, Integer.MAX_VALUE), MOST_STATES) instanceof Part.Regular(Language all)
        ? new Part.Other(new Expression.Terminal(all, Expression.Encoding.RAW, 0, max))
        : null;
  }

  /** Without the empty text. */
  Part nonEmpty(Part.Regular regular) {
    if (!regular.language().contains("")) {
      return regular;
    }
    Language rest = regular.language().minus(Language.empty());
    return rest.isNone() ? new Part.Nothing() : new Part.Regular(rest);
  }

  private Part.@Nullable Regular small(Supplier<Language> making, int most) {
    if (work > MOST_WORK || failures >= MOST_FAILURES) {
      return null;
    }
    try {
      Language language = making.get();
      work += language.states();
      return language.states() <= most ? new Part.Regular(language) : null;
    } catch (ConstraintException e) {
      // Too large for one automaton, which says nothing against the grammar.
      failures++;
      return null;
    }
  }
}
