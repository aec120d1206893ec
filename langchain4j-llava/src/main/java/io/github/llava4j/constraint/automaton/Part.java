package io.github.llava4j.constraint.automaton;

/**
 * A character that has begun: some of its bytes, or of the escape that writes it in a JSON string.
 *
 * @param from the language's state in front of it
 * @param size how many bytes there are
 * @param bytes the bytes, the first one highest; of an escape only the hexadecimal digit in which long ones differ, where
 *     {@code size} is 5
 */
record Part(int from, int size, int bytes, boolean escape) {

  /** Of a character that takes several bytes. */
  static Part utf8(int from, int first) {
    return new Part(from, 1, first, false);
  }

  /** Of a character that a backslash begins. */
  static Part backslash(int from) {
    return new Part(from, 1, 0, true);
  }

  Part longer(int value) {
    return new Part(from, size + 1, bytes << 8 | value, escape);
  }

  /** An escape with one byte more, whose value is known. */
  Part longerEscape(int digit) {
    return new Part(from, size + 1, digit, true);
  }

  private int first() {
    return bytes >>> 8 * (size - 1) & 0xFF;
  }

  /** Bytes of the whole character, 0 if none begins so. */
  int length() {
    int first = first();
    return first < 0xC2 || first > 0xF4 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  }

  private int value() {
    int value = first() & 0x7F >> length();
    for (int i = size - 2; i >= 0; i--) {
      value = value << 6 | bytes >>> 8 * i & 0x3F;
    }
    return value;
  }

  /** The smallest character that begins with these bytes. Overlong forms are no characters. */
  int low() {
    int least = switch (length()) {
      case 2 -> 0x80;
      case 3 -> 0x800;
      default -> 0x10000;
    };
    return Math.max(value() << 6 * (length() - size), least);
  }

  /** The largest one. */
  int high() {
    int open = 6 * (length() - size);
    return Math.min(value() << open | (1 << open) - 1, Character.MAX_CODE_POINT);
  }

  /** A part of as many bytes that the same bytes complete. */
  Part simplest() {
    int first = first();
    boolean special = first == 0xE0 || first == 0xED || first == 0xF0 || first == 0xF4;
    if (size == 1 && special) {
      return this;
    }
    int simple = switch (length()) {
      case 2 -> 0xC2;
      case 3 -> 0xE1;
      default -> 0xF1;
    };
    for (int i = 1; i < size; i++) {
      simple = simple << 8 | 0x80;
    }
    return new Part(from, size, simple, false);
  }
}
