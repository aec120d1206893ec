package io.github.llava4j.constraint.schema;

/** What to do about keywords that a grammar cannot enforce. */
public enum Unsupported {
  /** {@link io.github.llava4j.UnsupportedConstraintException}, with keyword and place. */
  REFUSE,
  /** Enforce the rest, and check the answer afterwards; what cannot be checked either is refused. */
  CHECK,
  /** Enforce the rest, and say which keywords were left out. */
  IGNORE
}
