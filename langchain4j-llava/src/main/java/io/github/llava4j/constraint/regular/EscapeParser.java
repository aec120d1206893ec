package io.github.llava4j.constraint.regular;

/** What follows a backslash. */
final class EscapeParser {

  private final PatternText text;
  private final int index;

  /**
   * @param index of the backslash, behind which the text is
   */
  EscapeParser(PatternText text, int index) {
    this.text = text;
    this.index = index;
  }

  /**
   * The characters of an escape.
   *
   * @param single one character; otherwise it may be a class
   */
  record Escaped(CharacterSet characters, int single) {

    static final int CLASS = -1;

    Language language() {
      return characters.language();
    }

    static Escaped of(CharacterSet characters) {
      return new Escaped(characters, CLASS);
    }

    static Escaped of(int character) {
      return new Escaped(CharacterSet.range(character, character), character);
    }
  }

  Escaped parse(boolean inClass) {
    if (text.atEnd()) {
      throw text.malformed("a backslash at the end", index);
    }
    int c = text.next();
    return switch (c) {
      case 'd' -> Escaped.of(CharacterClasses.DIGIT);
      case 'D' -> Escaped.of(CharacterClasses.DIGIT.complement());
      case 'w' -> Escaped.of(CharacterClasses.WORD);
      case 'W' -> Escaped.of(CharacterClasses.WORD.complement());
      case 's' -> Escaped.of(CharacterClasses.SPACE);
      case 'S' -> Escaped.of(CharacterClasses.SPACE.complement());
      case 'p' -> Escaped.of(property());
      case 'P' -> Escaped.of(property().complement());
      case 't' -> Escaped.of('\t');
      case 'n' -> Escaped.of('\n');
      case 'v' -> Escaped.of(0x0B);
      case 'f' -> Escaped.of('\f');
      case 'r' -> Escaped.of('\r');
      case 'b' -> Escaped.of('\b');
      case 'c' -> control();
      case 'x' -> Escaped.of(checked(text.hexadecimal(2), "two hexadecimal digits must follow \\x"));
      case 'u' -> Escaped.of(unicode());
      case 'k' -> throw text.unsupported("a back reference", index);
      case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> digit(c, inClass);
      default -> {
        if (c < 128 && !Character.isLetterOrDigit(c) && !Character.isWhitespace(c) && !Character.isISOControl(c)) {
          yield Escaped.of(c);
        }
        throw text.malformed("ECMA-262 has no escape \\" + Character.toString(c), index);
      }
    };
  }

  private Escaped digit(int c, boolean inClass) {
    boolean more = !text.atEnd() && text.peek() >= '0' && text.peek() <= '9';
    if (c == '0' && !more) {
      return Escaped.of(0);
    }
    if (c == '0' || inClass) {
      throw text.malformed("ECMA-262 has no octal escapes in unicode mode", index);
    }
    throw text.unsupported("a back reference", index);
  }

  private Escaped control() {
    if (!text.atEnd() && text.peek() < 128 && Character.isLetter(text.peek())) {
      return Escaped.of(text.next() % 32);
    }
    throw text.malformed("a letter must follow \\c", index);
  }

  private int checked(int value, String otherwise) {
    if (value < 0) {
      throw text.malformed(otherwise, index);
    }
    return value;
  }

  private int unicode() {
    if (text.skip('{')) {
      long value = 0;
      int digits = 0;
      for (int digit = text.hexadecimal(1); digit >= 0; digit = text.hexadecimal(1)) {
        value = Math.min(Integer.MAX_VALUE, 16 * value + digit);
        digits++;
      }
      if (digits == 0 || !text.skip('}') || value > Characters.LAST) {
        throw text.malformed("\\u{...} holds no character's number", index);
      }
      return (int) value;
    }
    int first = checked(text.hexadecimal(4), "four hexadecimal digits or {...} must follow \\u");
    int behind = text.index();
    if (Character.isHighSurrogate((char) first) && text.skip('\\') && text.skip('u')) {
      int second = text.hexadecimal(4);
      if (second >= 0 && Character.isLowSurrogate((char) second)) {
        return Character.toCodePoint((char) first, (char) second);
      }
    }
    text.back(behind);
    return first;
  }

  private CharacterSet property() {
    int end = text.skip('{') ? text.indexOf('}') : -1;
    if (end < 0) {
      throw text.malformed("{...} must follow \\p and \\P", index);
    }
    String name = text.upTo(end);
    text.skip('}');
    return UnicodeProperties.of(name).orElseThrow(() -> text.unsupported("the property " + name, index));
  }
}
