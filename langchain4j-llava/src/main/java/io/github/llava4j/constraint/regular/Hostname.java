package io.github.llava4j.constraint.regular;

/**
 * Host names of ASCII letters, digits and hyphens. The exact limit of all characters together would take tens of thousands of
 * states; counted in units of 16 characters, begun ones whole and dots included, it takes one in twenty.
 */
final class Hostname implements Machine {

  private static final CharacterSet X = CharacterSet.of('x', 'X');
  private static final CharacterSet N = CharacterSet.of('n', 'N');
  private static final CharacterSet HYPHEN = CharacterSet.of('-');
  private static final CharacterSet DOT = CharacterSet.of('.');
  private static final CharacterSet OTHERS = CharacterClasses.WORD.complement().union(X).union(N).union(CharacterSet.of('_'))
      .complement();

  private static final Alphabet ALPHABET = Alphabet.ofEach(DOT, HYPHEN, X, N, OTHERS);
  private static final int SYMBOL_DOT = 0;
  private static final int SYMBOL_HYPHEN = 1;
  private static final int SYMBOL_X = 2;
  private static final int SYMBOL_N = 3;

  private static final int LABEL = 63;
  private static final int UNIT = 16;

  /** How much of "xn--" a label has been so far; {@code PLAIN} if something else. */
  private static final int PLAIN = 4;

  private final int units;

  private Hostname(int units) {
    this.units = units;
  }

  /**
   * Host names of at most {@code 16 * units - 1} characters.
   */
  static Language language(int units) {
    return new Hostname(units).language(ALPHABET, Deadline.none());
  }

  @Override
  public long start() {
    return pack(0, 0, 0, false);
  }

  private static long pack(int used, int length, int punycode, boolean hyphen) {
    return ((long) used << 8 | length) << 4 | punycode << 1 | (hyphen ? 1 : 0);
  }

  @Override
  public boolean accepts(long state) {
    return (state >> 4 & 255) > 0 && (state & 1) == 0;
  }

  @Override
  public long next(long state, int symbol) {
    int used = (int) (state >> 12);
    int length = (int) (state >> 4 & 255);
    boolean afterHyphen = (state & 1) != 0;
    if (symbol == SYMBOL_DOT) {
      return length == 0 || afterHyphen ? DEAD : pack(used, 0, 0, false);
    }
    boolean hyphen = symbol == SYMBOL_HYPHEN;
    if (length == LABEL || length == 0 && hyphen) {
      return DEAD;
    }
    // A label and its dot together take length + 1 characters.
    int nowUsed = length == 0 || (length + 1) % UNIT == 0 ? used + 1 : used;
    int punycode = punycode((int) (state >> 1 & 7), symbol);
    return nowUsed > units || punycode < 0 ? DEAD : pack(nowUsed, length + 1, punycode, hyphen);
  }

  /** -1 if the label begins with all of "xn--". */
  private static int punycode(int before, int symbol) {
    return switch (before) {
      case 0 -> symbol == SYMBOL_X ? 1 : PLAIN;
      case 1 -> symbol == SYMBOL_N ? 2 : PLAIN;
      case 2 -> symbol == SYMBOL_HYPHEN ? 3 : PLAIN;
      case 3 -> symbol == SYMBOL_HYPHEN ? -1 : PLAIN;
      default -> PLAIN;
    };
  }
}
