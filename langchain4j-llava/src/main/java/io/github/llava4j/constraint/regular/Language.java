package io.github.llava4j.constraint.regular;

/** A regular language over Unicode scalar values. */
public final class Language {

  private Language() {}

  /** All texts. */
  public static Language any() {
    throw new UnsupportedOperationException();
  }
}
