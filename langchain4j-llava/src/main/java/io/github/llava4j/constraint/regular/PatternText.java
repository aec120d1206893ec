package io.github.llava4j.constraint.regular;

import io.github.llava4j.ConstraintException;
import io.github.llava4j.UnsupportedConstraintException;
import org.jspecify.annotations.Nullable;

/** The pattern and where the parser is in it; indices count UTF-16 units. */
final class PatternText {

  private static final int SATURATED = 1_000_000_000;

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
