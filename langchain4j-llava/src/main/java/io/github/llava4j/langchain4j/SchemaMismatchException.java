package io.github.llava4j.langchain4j;

import dev.langchain4j.exception.LangChain4jException;

/**
 * An answer does not match a part of its schema that it could not be held to; see {@link UnsupportedKeywords#CHECK}. To ask
 * again, with a temperature above 0, may help.
 */
public class SchemaMismatchException extends LangChain4jException {

  private final String text;

  public SchemaMismatchException(String message, String text) {
    super(message);
    this.text = text;
  }

  /** What the model answered. */
  public String text() {
    return text;
  }
}
