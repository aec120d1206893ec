package io.github.llava4j.constraint.gbnf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.github.llava4j.ConstraintException;
import io.github.llava4j.UnsupportedConstraintException;
import io.github.llava4j.constraint.gbnf.Node.Place;
import io.github.llava4j.constraint.gbnf.Node.Range;

/** Reads the text of a grammar, by recursive descent whose depth is bounded. */
final class GbnfParser {

  /** Largest number in a repetition. */
  static final int MOST_REPETITIONS = 1_000_000;
  private static final int MOST_CHARACTERS = 512 * 1024;
  private static final int MOST_NODES = 50_000;
  private static final int MOST_RULES = 5_000;
  private static final int DEEPEST = 64;
  private static final int END = -1;

  private final String text;
  private final Map<String, GbnfRule> rules = new LinkedHashMap<>();
  private List<Node.Reference> references = new ArrayList<>();
  private int at;
  private int line = 1;
  private int column = 1;
  private int nodes;

  GbnfParser(String text) {
    this.text = text;
  }

  /** All rules by name, in the order of the text; each that is named exists, {@code root} too. */
  Map<String, GbnfRule> rules() {
    if (text.length() > MOST_CHARACTERS) {
      throw new ConstraintException(
          "the grammar has " + text.length() + " characters; at most " + MOST_CHARACTERS + " are allowed");
    }
    skip(true);
    while (peek() != END) {
      rule();
      skip(true);
    }
    if (!rules.containsKey(GbnfRule.ROOT)) {
      throw new ConstraintException(
          "the grammar has no rule \"root\": line " + line + " is its end; add one, which an answer is to follow");
    }
    for (GbnfRule rule : rules.values()) {
      for (Node.Reference reference : rule.references()) {
        if (!rules.containsKey(reference.rule())) {
          throw error(reference.place(), "there is no rule \"" + reference.rule() + "\"");
        }
      }
    }
    return rules;
  }

  private void rule() {
    Place place = place();
    if (!isName(peek())) {
      throw error(place, "expected the name of a rule, found " + found());
    }
    String name = name();
    skip(false);
    if (!text.startsWith("::=", at)) {
      throw error(place(), "expected ::= behind the name \"" + name + "\", found " + found());
    }
    if (rules.containsKey(name)) {
      throw error(place, "the rule \"" + name + "\" is defined already in line " + rules.get(name).place().line());
    }
    if (rules.size() == MOST_RULES) {
      throw error(place, "more than " + MOST_RULES + " rules");
    }
    at += 3;
    column += 3;
    skip(true);
    references = new ArrayList<>();
    Node body = alternatives(0);
    if (peek() != END && !isLineEnd(peek())) {
      throw error(place(), "expected the end of the line, found " + found());
    }
    rules.put(name, new GbnfRule(name, place, body, references));
  }

  /** @param depth parentheses around it */
  private Node alternatives(int depth) {
    List<Node> alternatives = new ArrayList<>();
    alternatives.add(sequence(depth));
    while (peek() == '|') {
      next();
      skip(true);
      alternatives.add(sequence(depth));
    }
    return alternatives.size() == 1 ? alternatives.getFirst() : counted(new Node.Choice(alternatives));
  }

  private Node sequence(int depth) {
    List<Node> parts = new ArrayList<>();
    while (true) {
      int c = peek();
      Node part;
      if (c == '"') {
        part = literal();
      } else if (c == '[') {
        part = characters();
      } else if (c == '.') {
        next();
        part = counted(new Node.Characters(Ranges.others(List.of())));
      } else if (c == '(') {
        part = group(depth);
      } else if (isName(c)) {
        Place place = place();
        Node.Reference reference = counted(new Node.Reference(name(), place));
        references.add(reference);
        part = reference;
      } else if (c == '<' || c == '!') {
        throw new UnsupportedConstraintException(
            "the grammar, " + place() + ": tokens such as <think> and <[1000]> are not supported; write their text");
      } else if (c == '*' || c == '+' || c == '?' || c == '{') {
        throw error(place(), "there is nothing in front of " + found() + " to repeat");
      } else {
        return parts.size() == 1 ? parts.getFirst() : counted(new Node.Sequence(parts));
      }
      skip(depth > 0);
      parts.add(repeated(part, depth));
    }
  }

  private Node group(int depth) {
    Place opened = place();
    if (depth == DEEPEST) {
      throw error(opened, "more than " + DEEPEST + " parentheses inside one another");
    }
    next();
    skip(true);
    Node inside = alternatives(depth + 1);
    if (peek() != ')') {
      throw error(place(), "expected ) for the ( in " + opened + ", found " + found());
    }
    next();
    return inside;
  }

  private Node repeated(Node item, int depth) {
    Node result = item;
    for (int operators = 0;; operators++) {
      int c = peek();
      if (c != '*' && c != '+' && c != '?' && c != '{') {
        return result;
      }
      if (operators == 4) {
        throw error(place(), "more than 4 repetitions of one another; put them into one");
      }
      Place place = place();
      next();
      result = counted(switch (c) {
        case '*' -> new Node.Repeat(result, 0, Integer.MAX_VALUE);
        case '+' -> new Node.Repeat(result, 1, Integer.MAX_VALUE);
        case '?' -> new Node.Repeat(result, 0, 1);
        default -> bounds(result, place);
      });
      skip(depth > 0);
    }
  }

  private Node bounds(Node item, Place opened) {
    skip(false);
    int min = number();
    int max = min;
    skip(false);
    if (peek() == ',') {
      next();
      skip(false);
      max = isDigit(peek()) ? number() : Integer.MAX_VALUE;
      skip(false);
    }
    if (peek() != '}') {
      throw error(place(), "expected {m}, {m,} or {m,n}, found " + found());
    }
    next();
    if (max < min) {
      throw error(opened, "the repetition {" + min + "," + max + "} allows nothing");
    }
    return new Node.Repeat(item, min, max);
  }

  private int number() {
    Place place = place();
    if (!isDigit(peek())) {
      throw error(place, "expected a number, found " + found());
    }
    int value = 0;
    while (isDigit(peek())) {
      value = value * 10 + next() - '0';
      if (value > MOST_REPETITIONS) {
        throw error(place, "a repetition may count to " + MOST_REPETITIONS + " at most");
      }
    }
    return value;
  }

  private Node literal() {
    Place opened = place();
    next();
    StringBuilder literal = new StringBuilder();
    while (peek() != '"') {
      requireClosed(opened, "the text that begins here has no closing quote");
      literal.appendCodePoint(character());
    }
    next();
    return counted(new Node.Text(literal.toString()));
  }

  private Node characters() {
    Place opened = place();
    next();
    boolean negated = peek() == '^';
    if (negated) {
      next();
    }
    List<Range> ranges = new ArrayList<>();
    while (peek() != ']') {
      requireClosed(opened, "the class of characters that begins here has no ]");
      Place place = place();
      int from = character();
      int to = from;
      if (peek() == '-' && at + 1 < text.length() && text.charAt(at + 1) != ']') {
        next();
        to = character();
      }
      if (to < from) {
        throw error(place, "the range ends before it begins");
      }
      nodes++;
      ranges.add(new Range(from, to));
    }
    next();
    if (ranges.isEmpty()) {
      throw error(opened, "the class of characters has none; write . for any character");
    }
    List<Range> others = Ranges.others(ranges);
    List<Range> chosen = negated ? others : Ranges.others(others);
    if (chosen.isEmpty()) {
      throw error(opened, "the class of characters leaves none");
    }
    return counted(new Node.Characters(chosen));
  }

  private void requireClosed(Place opened, String message) {
    if (peek() == END) {
      throw error(opened, message);
    }
  }

  /** A character of a text or class, which may be an escape. */
  private int character() {
    Place place = place();
    int c = next();
    if (c != '\\') {
      return requireScalar(c, place);
    }
    int escape = next();
    return switch (escape) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case '\\', '"', '[', ']', '-', '^' -> escape;
      case 'x' -> hexadecimal(2, place);
      case 'u' -> requireScalar(hexadecimal(4, place), place);
      case 'U' -> requireScalar(hexadecimal(8, place), place);
      case END -> throw error(place, "the text ends inside an escape");
      default -> throw error(place, "there is no escape \\" + Character.toString(escape));
    };
  }

  private int hexadecimal(int digits, Place place) {
    long value = 0;
    for (int i = 0; i < digits; i++) {
      int c = peek();
      int digit = c < 128 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw error(place, "the escape needs " + digits + " hexadecimal digits");
      }
      next();
      value = value * 16 + digit;
    }
    return (int) Math.min(value, Integer.MAX_VALUE);
  }

  private int requireScalar(int c, Place place) {
    if (c > Character.MAX_CODE_POINT || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
      throw error(place, "U+" + Integer.toHexString(c).toUpperCase(Locale.ROOT) + " is no character");
    }
    return c;
  }

  private String name() {
    int start = at;
    while (isName(peek())) {
      next();
    }
    return text.substring(start, at);
  }

  /** Over blanks and comments, and line ends if they may stand here. */
  private void skip(boolean lines) {
    while (true) {
      int c = peek();
      if (c == '#') {
        while (peek() != END && !isLineEnd(peek())) {
          next();
        }
      } else if (c == ' ' || c == '\t' || lines && isLineEnd(c)) {
        next();
      } else {
        return;
      }
    }
  }

  private static boolean isName(int c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || isDigit(c) || c == '-' || c == '_';
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLineEnd(int c) {
    return c == '\n' || c == '\r';
  }

  private int peek() {
    return at < text.length() ? text.codePointAt(at) : END;
  }

  private int next() {
    int c = peek();
    if (c == END) {
      return END;
    }
    at += Character.charCount(c);
    column++;
    if (c == '\n' || c == '\r' && peek() != '\n') {
      line++;
      column = 1;
    }
    return c;
  }

  private <N extends Node> N counted(N node) {
    if (++nodes > MOST_NODES) {
      throw error(place(), "the grammar has more than " + MOST_NODES + " parts");
    }
    return node;
  }

  private Place place() {
    return new Place(line, column);
  }

  private String found() {
    int c = peek();
    if (c == END) {
      return "the end of the text";
    }
    return isLineEnd(c) ? "the end of the line" : Character.toString(c);
  }

  static ConstraintException error(Place place, String message) {
    return new ConstraintException("the grammar, " + place + ": " + message);
  }
}
