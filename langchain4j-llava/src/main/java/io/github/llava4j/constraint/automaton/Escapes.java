package io.github.llava4j.constraint.automaton;

/** The one way in which each character is written in a JSON string. */
final class Escapes {

  static final int NONE = -1;

  private Escapes() {}

  /** The character that a backslash and {@code value} write, or {@link #NONE}. */
  static int unescaped(int value) {
    return switch (value) {
      case '"', '\\' -> value;
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      default -> NONE;
    };
  }

  /** Whether a character is written with four hexadecimal digits. */
  static boolean isLong(int character) {
    return character < 0x20 && character != '\n' && character != '\t' && character != '\r' && character != '\b'
        && character != '\f';
  }

  /** Bytes that an escape under way still takes for the cheapest of those characters; {@code never} if it is for none. */
  static int bytesLeft(Part escape, int from, int to, int never) {
    int best = never;
    for (int character = from; character <= to; character++) {
      boolean large = isLong(character);
      if (escape.size() == 1 && (large || character < 0x20 || character == '"' || character == '\\')) {
        best = Math.min(best, large ? 5 : 1);
      } else if (escape.size() > 1 && large && (escape.size() < 5 || character >> 4 == escape.bytes())) {
        best = Math.min(best, 6 - escape.size());
      }
    }
    return best;
  }

  /** Bytes of the character between {@code from} and {@code to} that takes the fewest in a JSON string. */
  static int cheapest(int from, int to) {
    if (from >= 0x20) {
      return from == to && (from == '"' || from == '\\') ? 2 : utf8Bytes(from);
    }
    if (to >= 0x20) {
      return 1;
    }
    for (int character = from; character <= to; character++) {
      if (!isLong(character)) {
        return 2;
      }
    }
    return 6;
  }

  /** Bytes of a character in UTF-8. */
  static int utf8Bytes(int character) {
    return character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
  }
}
