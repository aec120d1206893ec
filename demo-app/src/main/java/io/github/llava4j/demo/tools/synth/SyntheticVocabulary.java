package io.github.llava4j.demo.tools.synth;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A SentencePiece vocabulary of our own: special tokens and bytes as in Llama 2, then single characters, then made-up
 * words. Every longer piece is two earlier ones, so that the tokenizer can reach it by merging.
 *
 * @param types SentencePiece's codes: 1 normal, 2 unknown, 3 control, 6 byte
 */
record SyntheticVocabulary(List<String> pieces, float[] scores, int[] types) {

  private static final char SPACE_MARK = '\u2581';
  private static final String CONSONANTS = "bcdfghjklmnprstvwz";
  private static final String VOWELS = "aeiou";
  private static final int BYTES = 256;
  private static final int SPECIALS = 3;

  /** @param size how many pieces */
  static SyntheticVocabulary of(int size) {
    List<String> pieces = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
    for (int i = 0; i < BYTES; i++) {
      pieces.add("<0x%02X>".formatted(i));
    }
    Set<String> words = new LinkedHashSet<>();
    words.add(String.valueOf(SPACE_MARK));
    for (char c = '!'; c <= '~'; c++) {
      words.add(String.valueOf(c));
    }
    for (char c = '\u00A1'; c <= '\u017F'; c++) {
      words.add(String.valueOf(c));
    }
    grow(words, size - pieces.size());
    words.stream().limit(size - pieces.size()).forEach(pieces::add);
    float[] scores = new float[size];
    int[] types = new int[size];
    for (int i = 0; i < size; i++) {
      types[i] = i == 0 ? 2 : i < SPECIALS ? 3 : i < SPECIALS + BYTES ? 6 : 1;
      scores[i] = types[i] == 1 ? SPECIALS + BYTES - i : 0;
    }
    return new SyntheticVocabulary(pieces, scores, types);
  }

  /** Adds syllables, then what one more syllable makes of each word, with and without a space in front. */
  private static void grow(Set<String> words, int size) {
    List<String> syllables = new ArrayList<>();
    for (char consonant : CONSONANTS.toCharArray()) {
      for (char vowel : VOWELS.toCharArray()) {
        syllables.add("" + consonant + vowel);
      }
    }
    List<String> stems = new ArrayList<>(syllables);
    for (int i = 0; words.size() < size; i++) {
      String stem = stems.get(i);
      words.add(stem);
      words.add(SPACE_MARK + stem);
      for (String syllable : syllables) {
        stems.add(stem + syllable);
      }
    }
  }
}
