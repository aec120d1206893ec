package io.github.llava4j.langchain4j;

/** What happens with keywords of a JSON schema that no grammar can express, such as {@code contains}. */
public enum UnsupportedKeywords {

  /** The request is refused with the keyword and its place. */
  REFUSE,

  /**
   * The answer is held to the rest, and checked when it is there; one that misses is a {@link SchemaMismatchException}. What
   * cannot be checked either is refused.
   */
  CHECK,

  /** The answer is held to the rest, and a warning is logged. */
  IGNORE
}
