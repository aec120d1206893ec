package io.github.llava4j.text;

import java.util.List;
import java.util.Map;

/**
 * What a Llama (SentencePiece BPE) tokenizer is made of, whichever file it came from.
 *
 * @param pieces text of each token, with U+2581 for a space; byte tokens read {@code <0x0A>}
 * @param scores SentencePiece's score of each piece; merges take the highest first
 * @param types kind of each piece
 * @param specials special tokens beyond the vocabulary proper and within it, by their text: {@code <s>}, {@code </s>},
 *     {@code <image>} ...
 * @param bos id of the beginning-of-sequence token
 * @param eos id of the end-of-sequence token
 * @param unknown id of the unknown token
 * @param addBos whether a prompt starts with {@code bos}
 * @param prefix which text runs get SentencePiece's dummy space in front
 */
public record Vocabulary(
    List<String> pieces,
    float[] scores,
    PieceType[] types,
    Map<String, Integer> specials,
    int bos,
    int eos,
    int unknown,
    boolean addBos,
    PrefixSpace prefix) {

  /** SentencePiece's kinds of pieces. */
  public enum PieceType {
    NORMAL,
    UNKNOWN,
    CONTROL,
    USER_DEFINED,
    UNUSED,
    BYTE
  }

  /** Where the dummy space goes; see llava-spec 5.3. */
  public enum PrefixSpace {
    /** In front of every run of text between special tokens: Hugging Face's "legacy", llama.cpp. */
    EVERY_RUN,
    /** In front of the prompt's first run only: Hugging Face's "legacy": false. */
    FIRST_RUN,
    /** In front of the first run and of each run after a picture: the original LLaVA, which splits at pictures. */
    FIRST_RUN_AND_AFTER_IMAGE,
    /** Nowhere. */
    NEVER
  }
}
