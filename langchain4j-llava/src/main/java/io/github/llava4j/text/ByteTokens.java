package io.github.llava4j.text;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.llava4j.kernels.Internal;
import io.github.llava4j.text.Vocabulary.PieceType;

/** The tokens {@code <0x00>} to {@code <0xFF>}, which spell what no piece can. */
@Internal
public final class ByteTokens {

  private static final Pattern NAME = Pattern.compile("<0x([0-9A-Fa-f]{2})>");

  private final int[] ids = new int[256];
  private final boolean complete;

  ByteTokens(Vocabulary vocabulary) {
    Arrays.fill(ids, -1);
    for (int id = 0; id < vocabulary.size(); id++) {
      if (vocabulary.types().get(id) == PieceType.BYTE) {
        ids[value(vocabulary.pieces().get(id))] = id;
      }
    }
    complete = Arrays.stream(ids).allMatch(id -> id >= 0);
  }

  /** Whether a piece reads like a byte token. */
  static boolean isName(String piece) {
    return NAME.matcher(piece).matches();
  }

  /** The byte, 0 to 255, that a token with such a name stands for. */
  public static int value(String piece) {
    Matcher matcher = NAME.matcher(piece);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a byte token: " + piece);
    }
    return Integer.parseInt(matcher.group(1), 16);
  }

  /** Whether there is one for every byte. */
  boolean complete() {
    return complete;
  }

  int id(byte value) {
    return ids[value & 0xFF];
  }
}
