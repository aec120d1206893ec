package io.github.llava4j.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.llava4j.text.Vocabulary.PieceType;
import io.github.llava4j.text.Vocabulary.PrefixSpace;
import io.github.llava4j.text.Vocabulary.SpecialToken;

/** Small vocabularies for tests. */
public final class TestVocabularies {

  /** What ends an answer. */
  public static final int END = 2;

  private TestVocabularies() {}

  /** Unknown, begin and end, a token for each byte, then {@code pieces}. */
  public static Vocabulary of(List<String> pieces) {
    List<String> all = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
    List<PieceType> types = new ArrayList<>(List.of(PieceType.UNKNOWN, PieceType.CONTROL, PieceType.CONTROL));
    for (int value = 0; value < 256; value++) {
      all.add("<0x%02X>".formatted(value));
      types.add(PieceType.BYTE);
    }
    for (String piece : pieces) {
      all.add(piece);
      types.add(PieceType.NORMAL);
    }
    return new Vocabulary(all, types, new MergeTable(8),
        Map.of("<s>", new SpecialToken(1, false, false), "</s>", new SpecialToken(END, false, false)),
        1, END, 0, true, PrefixSpace.FIRST_RUN, true);
  }
}
