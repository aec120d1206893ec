package io.github.llava4j.langchain4j;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * What an answer is held to, beyond LangChain4j's response formats. Nothing of it is written into the prompt: say there what
 * you want. Immutable; two are equal if they are of one kind and read the same.
 */
public final class LlavaGrammar {

  /** How the text is to be read. */
  enum Kind { JSON_SCHEMA, REGEX, GBNF }

  private final Kind kind;
  private final String text;

  private LlavaGrammar(Kind kind, String text) {
    this.kind = kind;
    this.text = Objects.requireNonNull(text, "text");
  }

  /** A JSON schema of any draft from 04 to 2020-12. */
  public static LlavaGrammar jsonSchema(String schema) {
    return new LlavaGrammar(Kind.JSON_SCHEMA, schema);
  }

  /**
   * A regular expression as in JavaScript (ECMA-262), which the whole answer must match. It must be regular: no
   * lookaround, no back references.
   */
  public static LlavaGrammar regex(String pattern) {
    return new LlavaGrammar(Kind.REGEX, pattern);
  }

  /** A grammar in llama.cpp's notation; its rule {@code root} is the whole answer. */
  public static LlavaGrammar gbnf(String grammar) {
    return new LlavaGrammar(Kind.GBNF, grammar);
  }

  Kind kind() {
    return kind;
  }

  /** As it was given. */
  public String text() {
    return text;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LlavaGrammar that && kind == that.kind && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, text);
  }

  @Override
  public String toString() {
    return kind + "(" + text + ")";
  }
}
