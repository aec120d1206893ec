package io.github.llava4j.constraint.regular;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.llava4j.ConstraintException;
import io.github.llava4j.UnsupportedConstraintException;

/** Reads a regular expression and builds its language on the way, groups by a stack of its own. */
final class PatternParser {

  static final int MAX_NESTING = 64;
  static final int MAX_LENGTH = 20_000;

  private static final int SATURATED = 1_000_000_000;

  /** A group that is open. */
  private static final class Group {

    private final int index;
    private final List<Language> alternatives = new ArrayList<>();
    private final List<Language> parts = new ArrayList<>();

    Group(int index) {
      this.index = index;
    }
  }

  /**
   * A pattern's language, with marks of {@link Characters} at the places that it asks for.
   *
   * @param hasBoundaries whether it has marks of word boundaries
   */
  record Parsed(Language language, boolean hasMarks, boolean hasBoundaries) {

    Parsed anchored(Deadline deadline) {
      List<Language> parts =
          List.of(CharacterSet.mark(Characters.BEGIN), language, CharacterSet.mark(Characters.END));
      return new Parsed(Glue.concat(parts, deadline), true, hasBoundaries);
    }
  }

  private final PatternText text;
  private final Deadline deadline;
  private final Deque<Group> groups = new ArrayDeque<>();
  private boolean marks;
  private boolean boundaries;

  PatternParser(String pattern, Deadline deadline) {
    if (pattern.length() > MAX_LENGTH) {
      throw new ConstraintException("the pattern has " + pattern.length() + " characters; at most " + MAX_LENGTH
          + " are allowed");
    }
    text = new PatternText(pattern);
    this.deadline = deadline;
  }

  Parsed parse() {
    groups.push(new Group(-1));
    while (!text.atEnd()) {
      int index = text.index();
      switch (text.next()) {
        case '(' -> open(index);
        case ')' -> close(index);
        case '|' -> alternative();
        case '*', '+', '?' -> throw text.malformed("there is nothing to repeat", index);
        case '^' -> mark(Characters.BEGIN);
        case '$' -> mark(Characters.END);
        case '\\' -> escape(index);
        case '[' -> repeated(new ClassParser(text, index).parse().language());
        case '.' -> repeated(CharacterClasses.DOT.language());
        case '{' -> brace(index);
        default -> repeated(character(text.last()));
      }
    }
    if (groups.size() > 1) {
      throw text.malformed("a group is not closed", groups.peek().index);
    }
    return new Parsed(end(groups.pop()), marks, boundaries);
  }

  private static Language character(int codePoint) {
    return CharacterSet.of(codePoint).language();
  }

  private void open(int index) {
    if (groups.size() > MAX_NESTING) {
      throw text.malformed("groups are nested more than " + MAX_NESTING + " deep", index);
    }
    if (text.skip('?')) {
      kindOfGroup(index);
    }
    groups.push(new Group(index));
  }

  private void kindOfGroup(int index) {
    if (text.skip(':')) {
      return;
    }
    if (text.looksAt("=") || text.looksAt("!")) {
      throw text.unsupported("lookahead", index);
    }
    if (text.looksAt("<=") || text.looksAt("<!")) {
      throw text.unsupported("lookbehind", index);
    }
    if (text.skip('<')) {
      name(index);
      return;
    }
    if (text.looksAt("P<")) {
      throw text.unsupported("a group named as in Python (write (?<name>...))", index);
    }
    if (text.looksAt(">")) {
      throw text.unsupported("an atomic group", index);
    }
    if (!text.atEnd() && (text.peek() == '-' || Character.isLetter(text.peek()))) {
      throw text.unsupported("flags in a pattern", index);
    }
    throw text.malformed("a group of an unknown kind", index);
  }

  private void name(int index) {
    int length = 0;
    while (!text.atEnd() && text.peek() != '>') {
      int c = text.next();
      boolean fits = length == 0 ? Character.isUnicodeIdentifierStart(c) : Character.isUnicodeIdentifierPart(c);
      if (!fits && c != '$' && c != '_') {
        throw text.malformed("a group's name is not a name", index);
      }
      length++;
    }
    if (length == 0 || !text.skip('>')) {
      throw text.malformed("a group's name is not a name", index);
    }
  }

  private void close(int index) {
    if (groups.size() == 1) {
      throw text.malformed("a group is closed that was not opened", index);
    }
    Language body = end(groups.pop());
    repeated(body);
  }

  private Language end(Group group) {
    Language last = Glue.concat(group.parts, deadline);
    if (group.alternatives.isEmpty()) {
      return last;
    }
    group.alternatives.add(last);
    return Language.union(group.alternatives, deadline);
  }

  private void alternative() {
    Group group = current();
    group.alternatives.add(Glue.concat(group.parts, deadline));
    group.parts.clear();
  }

  private Group current() {
    return groups.element();
  }

  private void mark(int mark) {
    marks = true;
    boundaries |= mark == Characters.BOUNDARY || mark == Characters.NO_BOUNDARY;
    current().parts.add(CharacterSet.mark(mark));
  }

  private void escape(int index) {
    if (text.skip('b')) {
      mark(Characters.BOUNDARY);
    } else if (text.skip('B')) {
      mark(Characters.NO_BOUNDARY);
    } else {
      repeated(new EscapeParser(text, index).parse(false).language());
    }
  }

  private void brace(int index) {
    if (text.bounds(index) != null || text.looksAt(",")) {
      throw text.malformed("there is nothing to repeat, or the numbers in braces are wrong", index);
    }
    repeated(character('{'));
  }

  /** Adds an atom with the quantifier that follows it, if one does. */
  private void repeated(Language atom) {
    int index = text.index();
    int min = 1;
    int max = 1;
    if (text.skip('*')) {
      min = 0;
      max = Integer.MAX_VALUE;
    } else if (text.skip('+')) {
      max = Integer.MAX_VALUE;
    } else if (text.skip('?')) {
      min = 0;
    } else if (text.skip('{')) {
      int[] bounds = text.bounds(index);
      if (bounds == null) {
        text.back(index);
        if (text.looksAt("{,")) {
          throw text.malformed("the least number of times is missing", index);
        }
        current().parts.add(atom);
        return;
      }
      min = bounds[0];
      max = bounds[1];
    } else {
      current().parts.add(atom);
      return;
    }
    text.skip('?');
    current().parts.add(Glue.repeat(atom, min, max, deadline));
  }

  /** The pattern and where the parser is in it; indices count UTF-16 units. */
  static final class PatternText {

    private final String pattern;
    private int index;
    private int last;

    PatternText(String pattern) {
      this.pattern = pattern;
    }

    boolean atEnd() {
      return index == pattern.length();
    }

    int index() {
      return index;
    }

    void back(int earlier) {
      index = earlier;
    }

    int peek() {
      return pattern.codePointAt(index);
    }

    int next() {
      last = pattern.codePointAt(index);
      index += Character.charCount(last);
      return last;
    }

    /** What {@link #next} returned. */
    int last() {
      return last;
    }

    boolean skip(char expected) {
      if (index < pattern.length() && pattern.charAt(index) == expected) {
        index++;
        return true;
      }
      return false;
    }

    boolean looksAt(String expected) {
      return pattern.startsWith(expected, index);
    }

    int indexOf(char wanted) {
      return pattern.indexOf(wanted, index);
    }

    /** From the present index to another, which becomes the present one. */
    String upTo(int end) {
      String part = pattern.substring(index, end);
      index = end;
      return part;
    }

    /** Behind an opening brace: {@code n}}, {@code n,}} or {@code n,m}}; null, and nothing is read, if it is none of them. */
    int @Nullable [] bounds(int brace) {
      int start = index;
      int min = number();
      int max = min;
      if (min >= 0 && skip(',')) {
        max = !atEnd() && pattern.charAt(index) == '}' ? Integer.MAX_VALUE : number();
      }
      if (min < 0 || max < 0 || !skip('}')) {
        index = start;
        return null;
      }
      if (max < min) {
        throw malformed("the numbers in braces are out of order", brace);
      }
      return new int[] {min, max};
    }

    private int number() {
      int start = index;
      long value = 0;
      while (!atEnd() && pattern.charAt(index) >= '0' && pattern.charAt(index) <= '9') {
        value = Math.min(SATURATED, 10 * value + pattern.charAt(index++) - '0');
      }
      return index == start ? -1 : (int) value;
    }

    /** The value of so many hexadecimal digits, -1 if they are not there. */
    int hexadecimal(int digits) {
      if (index + digits > pattern.length()) {
        return -1;
      }
      int value = 0;
      for (int i = 0; i < digits; i++) {
        char c = pattern.charAt(index + i);
        int digit = c < 128 ? Character.digit(c, 16) : -1;
        if (digit < 0) {
          return -1;
        }
        value = 16 * value + digit;
      }
      index += digits;
      return value;
    }

    ConstraintException malformed(String what, int at) {
      return new ConstraintException("the pattern " + shown() + " is malformed at index " + at + ": " + what);
    }

    UnsupportedConstraintException unsupported(String what, int at) {
      return new UnsupportedConstraintException("the pattern " + shown() + " has at index " + at + " " + what
          + ", which answers cannot be held to; write it without");
    }

    private String shown() {
      return pattern.length() <= 100 ? pattern : pattern.substring(0, 100) + "...";
    }
  }
}
