package io.github.llava4j.text;

import io.github.llava4j.kernels.Internal;


/**
 * Turns an answer's tokens into text as they come. The texts of all calls, joined, are what SentencePiece makes of all
 * tokens at once: one space at the very start is dropped, special tokens are silent, byte tokens are joined to UTF-8
 * and each byte that is not part of a character reads U+FFFD. A character is only ever given whole.
 */
@Internal
public final class Detokenizer {

  private final Vocabulary vocabulary;
  private final Utf8Assembler bytes = new Utf8Assembler();
  private boolean started;

  public Detokenizer(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
  }

  /** Takes the next token and returns the text that is certain now; may be empty. */
  public String append(int id) {
    // Embedding tables have more rows than the vocabulary has tokens; those mean nothing.
    if (id < 0 || id >= vocabulary.size()) {
      return "";
    }
    String piece = vocabulary.pieces().get(id);
    return switch (vocabulary.types().get(id)) {
      case CONTROL, UNKNOWN, UNUSED -> "";
      case BYTE -> {
        started = true;
        yield bytes.append(ByteTokens.value(piece));
      }
      case NORMAL, USER_DEFINED -> bytes.finish() + text(piece);
    };
  }

  /** Ends the answer: what is left of an unfinished character. */
  public String finish() {
    return bytes.finish();
  }

  private String text(String piece) {
    String text = piece.replace(Vocabulary.SPACE_MARK, ' ');
    boolean first = !started;
    started = true;
    return first && text.startsWith(" ") ? text.substring(1) : text;
  }
}
