package io.github.llava4j.constraint.regular;

/** The classes that ECMA-262 has letters for. */
final class CharacterClasses {

  static final CharacterSet DIGIT = CharacterSet.range('0', '9');
  static final CharacterSet WORD =
      DIGIT.union(CharacterSet.range('a', 'z')).union(CharacterSet.range('A', 'Z')).union(CharacterSet.of('_'));
  /** White space and line ends: its WhiteSpace (with all of category Zs) and LineTerminator. */
  static final CharacterSet SPACE = CharacterSet.range('\t', '\r')
      .union(CharacterSet.of(' ', 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF))
      .union(CharacterSet.range(0x2000, 0x200A));
  static final CharacterSet DOT = CharacterSet.of('\n', '\r', 0x2028, 0x2029).complement();

  private CharacterClasses() {}
}
