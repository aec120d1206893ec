package io.github.llava4j.constraint.regular;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import io.github.llava4j.ConstraintException;

/** Reads a regular expression and builds its language on the way, groups by a stack of its own. */
final class PatternParser {

  static final int MAX_NESTING = 64;
  static final int MAX_LENGTH = 20_000;

  /** A group that is open. */
  private static final class Group {

    private final int index;
    private final List<Language> alternatives = new ArrayList<>();
    /** Alternatives that are plain text. */
    private final List<String> words = new ArrayList<>();
    private final List<Language> parts = new ArrayList<>();
    /** Plain text behind the parts. */
    private final StringBuilder run = new StringBuilder();

    Group(int index) {
      this.index = index;
    }

    void add(Language part) {
      endRun();
      parts.add(part);
    }

    private void endRun() {
      if (!run.isEmpty()) {
        parts.add(Language.of(run.toString()));
        run.setLength(0);
      }
    }

    void endAlternative(Deadline deadline) {
      if (parts.isEmpty()) {
        words.add(run.toString());
        run.setLength(0);
      } else {
        endRun();
        alternatives.add(Glue.concat(parts, deadline));
        parts.clear();
      }
    }

    Language end(Deadline deadline) {
      endAlternative(deadline);
      if (!words.isEmpty()) {
        alternatives.add(Language.ofAll(words));
      }
      return Language.union(alternatives, deadline);
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
        case '|' -> current().endAlternative(deadline);
        case '*', '+', '?' -> throw text.malformed("there is nothing to repeat", index);
        case '^' -> mark(Characters.BEGIN);
        case '$' -> mark(Characters.END);
        case '\\' -> escape(index);
        case '[' -> repeated(new ClassParser(text, index).parse().language());
        case '.' -> repeated(CharacterClasses.DOT.language());
        case '{' -> brace(index);
        default -> character(text.last());
      }
    }
    if (groups.size() > 1) {
      throw text.malformed("a group is not closed", groups.peek().index);
    }
    return new Parsed(groups.pop().end(deadline), marks, boundaries);
  }

  private void character(int codePoint) {
    boolean repeated = !text.atEnd() && "*+?{".indexOf(text.peek()) >= 0;
    if (repeated || Characters.isSurrogate(codePoint)) {
      repeated(CharacterSet.of(codePoint).language());
    } else {
      current().run.appendCodePoint(codePoint);
    }
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
    repeated(groups.pop().end(deadline));
  }

  private Group current() {
    return groups.element();
  }

  private void mark(int mark) {
    marks = true;
    boundaries |= mark == Characters.BOUNDARY || mark == Characters.NO_BOUNDARY;
    current().add(CharacterSet.mark(mark));
  }

  private void escape(int index) {
    if (text.skip('b')) {
      mark(Characters.BOUNDARY);
    } else if (text.skip('B')) {
      mark(Characters.NO_BOUNDARY);
    } else {
      EscapeParser.Escaped escaped = new EscapeParser(text, index).parse(false);
      if (escaped.single() == EscapeParser.Escaped.CLASS) {
        repeated(escaped.language());
      } else {
        character(escaped.single());
      }
    }
  }

  private void brace(int index) {
    if (text.bounds(index) != null || text.looksAt(",")) {
      throw text.malformed("there is nothing to repeat, or the numbers in braces are wrong", index);
    }
    character('{');
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
        current().add(atom);
        return;
      }
      min = bounds[0];
      max = bounds[1];
    } else {
      current().add(atom);
      return;
    }
    text.skip('?');
    current().add(Glue.repeat(atom, min, max, deadline));
  }
}
