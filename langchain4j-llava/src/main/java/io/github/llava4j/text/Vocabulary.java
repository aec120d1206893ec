package io.github.llava4j.text;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

import io.github.llava4j.kernels.Internal;

/**
 * What a Llama (SentencePiece BPE) tokenizer is made of, whichever file it came from. {@link TokenizerFiles} and
 * {@link GgufTokenizer} make it.
 *
 * @param pieces text of each token, with U+2581 for a space; byte tokens read {@code <0x0A>}
 * @param types kind of each piece
 * @param merges which neighbouring pieces merge, and in which order
 * @param specials special tokens beyond the vocabulary proper and within it, by their text: {@code <s>}, {@code </s>},
 *     {@code <image>} ...
 * @param bos id of the beginning-of-sequence token, or -1
 * @param eos id of the end-of-sequence token, or -1
 * @param unknown id of the unknown token, or -1
 * @param addBos whether a prompt starts with {@code bos}
 * @param prefix which text runs get SentencePiece's dummy space in front
 * @param prefixBeforeSpace whether a run that starts with a space gets the dummy space too: true for SentencePiece,
 *     false for the Metaspace step of {@code tokenizer.json}
 */
@Internal
public record Vocabulary(
    List<String> pieces,
    List<PieceType> types,
    MergeTable merges,
    Map<String, SpecialToken> specials,
    int bos,
    int eos,
    int unknown,
    boolean addBos,
    PrefixSpace prefix,
    boolean prefixBeforeSpace) {

  /** What SentencePiece writes for a space. */
  public static final char SPACE_MARK = '\u2581';

  public Vocabulary {
    pieces = List.copyOf(pieces);
    types = List.copyOf(types);
    specials = Map.copyOf(specials);
  }

  /** Number of tokens; a model's embedding table may have more rows. */
  public int size() {
    return pieces.size();
  }

  /** Id of the special token with that text, if this vocabulary has it. */
  public OptionalInt special(String token) {
    SpecialToken special = specials.get(token);
    return special == null ? OptionalInt.empty() : OptionalInt.of(special.id());
  }

  /** What a token looks like to people: its text, the name of a special token, U+FFFD for part of a character. */
  public String display(int id) {
    if (id < 0 || id >= size()) {
      return "";
    }
    String piece = pieces.get(id);
    if (types.get(id) != PieceType.BYTE) {
      return piece.replace(SPACE_MARK, ' ');
    }
    int value = ByteTokens.value(piece);
    return value < 0x80 ? String.valueOf((char) value) : "\uFFFD";
  }

  /** The same vocabulary with another rule for the dummy space, for callers who know more than the file says. */
  public Vocabulary withPrefix(PrefixSpace other) {
    return new Vocabulary(
        pieces, types, merges, specials, bos, eos, unknown, addBos, other, prefixBeforeSpace);
  }

  /** SentencePiece's kinds of pieces, in the order of their codes 1 to 6. */
  public enum PieceType {
    NORMAL,
    UNKNOWN,
    CONTROL,
    USER_DEFINED,
    UNUSED,
    BYTE
  }

  /** Where the dummy space goes; the package description says which file asks for which. */
  public enum PrefixSpace {
    /** In front of every run of text between special tokens: Hugging Face's "legacy", llama.cpp. */
    EVERY_RUN,
    /** In front of a run that opens the prompt: Hugging Face's "legacy": false. */
    FIRST_RUN,
    /** As {@link #FIRST_RUN}, and in front of each run after a picture, where the original LLaVA cuts prompts. */
    FIRST_RUN_AND_AFTER_IMAGE,
    /** Nowhere. */
    NEVER
  }

  /**
   * A token that stands for itself and is never made from text.
   *
   * @param stripLeft whether white space before it belongs to it and vanishes
   * @param stripRight whether white space after it does
   */
  public record SpecialToken(int id, boolean stripLeft, boolean stripRight) {}
}
