package io.github.llava4j.constraint.schema;

import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.llava4j.constraint.regular.Language;
import org.jspecify.annotations.Nullable;

/** What values of one type may be, with nothing left of the schema but the conjunctions for their parts. */
sealed interface Shape {

  /** One of these. */
  record Values(List<JsonNode> values) implements Shape {}

  /** A number that is written so. */
  record Numbers(Language language) implements Shape {}

  /** A string of the language, of so many code points. */
  record Text(Language language, int min, int max) implements Shape {

    boolean isEmpty() {
      return language.isNone() || min > max || language.shortestLength() > max || language.longestLength() < min;
    }
  }

  /**
   * An array.
   *
   * @param rest what items behind the prefix are
   * @param distinct if no two items may be equal: what they can be
   */
  record Items(List<Conjunction> prefix, Conjunction rest, int min, int max, @Nullable List<JsonNode> distinct)
      implements Shape {}

  /**
   * An object.
   *
   * @param fields properties by name, in the order in which they are written
   * @param free other properties
   * @param needs which properties must be there if one is
   */
  record Fields(List<Field> fields, List<Free> free, int min, int max, Map<String, Set<String>> needs) implements Shape {}

  record Field(String name, Conjunction value, boolean required) {}

  record Free(Language names, Conjunction value) {}
}
