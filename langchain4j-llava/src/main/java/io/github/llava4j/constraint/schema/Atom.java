package io.github.llava4j.constraint.schema;

/** One of several statements about a value that hold together. */
sealed interface Atom {

  /** How a schema takes part. */
  enum Role {
    /** It holds, and its properties are offered. */
    HOST,
    /** It holds, but where objects are closed by default its properties do not open them. */
    GUEST,
    /** It does not hold. */
    NOT
  }

  record Whole(Place place, Role role) implements Atom {

    boolean isFalse() {
      return role == Role.NOT ? place.isTrue() : place.isFalse();
    }

    boolean isTrue() {
      return role == Role.NOT ? place.isFalse() : place.isTrue();
    }
  }

  /** This one keyword does not hold. */
  record Violated(Place place, String keyword) implements Atom {}

  record OfType(int types) implements Atom {}

  /**
   * If the value is an object, it has the property.
   *
   * @param append even if nobody declares it, and objects are closed only by default
   */
  record Present(String name, boolean append) implements Atom {}

  /** If the value is an object, it has not. */
  record Absent(String name) implements Atom {}

  /** If the value has that property, its value is so. */
  record Member(String name, Whole value) implements Atom {}

  /** If the value is an array, all its items are so. */
  record Each(Whole item) implements Atom {}

  /** The value has a property that the schema at this place neither declares nor has a pattern for. */
  record Outside(Place place) implements Atom {}
}
