package io.github.llava4j.constraint.regular;

import io.github.llava4j.constraint.regular.EscapeParser.Escaped;

/** What stands between square brackets. */
final class ClassParser {

  private final PatternText text;
  private final int index;

  /**
   * @param index of the opening bracket, behind which the text is
   */
  ClassParser(PatternText text, int index) {
    this.text = text;
    this.index = index;
  }

  CharacterSet parse() {
    boolean negated = text.skip('^');
    CharacterSet set = CharacterSet.NONE;
    while (!text.skip(']')) {
      int start = text.index();
      Escaped from = item();
      int behind = text.index();
      if (!text.skip('-') || text.looksAt("]")) {
        text.back(behind);
        set = set.union(from.characters());
        continue;
      }
      Escaped to = item();
      if (from.single() == Escaped.CLASS || to.single() == Escaped.CLASS) {
        set = set.union(from.characters()).union(CharacterSet.of('-')).union(to.characters());
      } else if (from.single() > to.single()) {
        throw text.malformed("a range is out of order", start);
      } else {
        set = set.union(CharacterSet.range(from.single(), to.single()));
      }
    }
    return negated ? set.complement() : set;
  }

  private Escaped item() {
    if (text.atEnd()) {
      throw text.malformed("a class is not closed", index);
    }
    int start = text.index();
    int c = text.next();
    if (c == '[' && (text.looksAt(":") || text.looksAt(".") || text.looksAt("=")) && isPosix()) {
      throw text.unsupported("a POSIX class", start);
    }
    return c == '\\' ? new EscapeParser(text, start).parse(true) : Escaped.of(c);
  }

  private boolean isPosix() {
    int start = text.index();
    int kind = text.next();
    while (!text.atEnd() && Character.isLetter(text.peek())) {
      text.next();
    }
    boolean posix = text.index() > start + 1 && text.looksAt((char) kind + "]");
    text.back(start);
    return posix;
  }
}
