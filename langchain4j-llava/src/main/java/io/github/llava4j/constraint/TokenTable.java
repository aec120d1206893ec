package io.github.llava4j.constraint;

import io.github.llava4j.text.Vocabulary;

/** A vocabulary's tokens as bytes, made ready for masks; one for each model. Immutable, thread-safe. */
public final class TokenTable {

  private TokenTable(Vocabulary vocabulary) {}

  public static TokenTable of(Vocabulary vocabulary) {
    return new TokenTable(vocabulary);
  }
}
