package io.github.llava4j.text.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A string that knows where each of its characters comes from: 0 for the template itself, else the number that the
 * caller gave a text. Immutable; operations keep the origins.
 */
public final class Marked {

  static final Marked EMPTY = new Marked("", new int[0]);

  private final String text;
  private final int[] origins;

  private Marked(String text, int[] origins) {
    this.text = text;
    this.origins = origins;
  }

  /** Text of one origin. */
  public static Marked of(String text, int origin) {
    int[] origins = new int[text.length()];
    Arrays.fill(origins, origin);
    return new Marked(text, origins);
  }

  /** The template's own text. */
  public static Marked of(String text) {
    return of(text, 0);
  }

  /** The characters. */
  public String text() {
    return text;
  }

  /** Where the character at {@code index} comes from. */
  public int origin(int index) {
    return origins[index];
  }

  public int length() {
    return text.length();
  }

  /** This and then {@code other}. */
  public Marked plus(Marked other) {
    int[] joined = Arrays.copyOf(origins, origins.length + other.origins.length);
    System.arraycopy(other.origins, 0, joined, origins.length, other.origins.length);
    return new Marked(text.concat(other.text), joined);
  }

  static Marked join(List<Marked> parts, Marked between) {
    int length = between.length() * Math.max(0, parts.size() - 1);
    for (Marked part : parts) {
      length += part.length();
    }
    StringBuilder text = new StringBuilder(length);
    int[] origins = new int[length];
    for (int i = 0; i < parts.size(); i++) {
      for (Marked piece : i == 0 ? List.of(parts.get(i)) : List.of(between, parts.get(i))) {
        System.arraycopy(piece.origins, 0, origins, text.length(), piece.length());
        text.append(piece.text);
      }
    }
    return new Marked(text.toString(), origins);
  }

  /** The characters from {@code from} up to {@code to}, exclusive. */
  public Marked slice(int from, int to) {
    return from >= to ? EMPTY : new Marked(text.substring(from, to), Arrays.copyOfRange(origins, from, to));
  }

  /** The same origins under other characters, one for one, as upper and lower case are. */
  Marked mapped(String other) {
    if (other.length() == text.length()) {
      return new Marked(other, origins);
    }
    // A few letters grow ("ß"); then the whole counts as what most of it is not: the message's.
    return of(other, Arrays.stream(origins).max().orElse(0));
  }

  /** Without the characters of {@code set} at its ends; null is Python's white space. */
  Marked stripped(@Nullable String set, boolean left, boolean right) {
    int from = 0;
    int to = text.length();
    while (left && from < to && strips(set, text.charAt(from))) {
      from++;
    }
    while (right && to > from && strips(set, text.charAt(to - 1))) {
      to--;
    }
    return slice(from, to);
  }

  private static boolean strips(@Nullable String set, char c) {
    return set == null ? isSpace(c) : set.indexOf(c) >= 0;
  }

  static boolean isSpace(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
  }

  /** Pieces between {@code separator}, at most {@code most} cuts; a null separator is a run of white space. */
  List<Marked> split(@Nullable String separator, int most, boolean fromRight) {
    List<Marked> pieces = new ArrayList<>();
    if (separator == null) {
      int at = 0;
      while (true) {
        while (at < length() && isSpace(text.charAt(at))) {
          at++;
        }
        if (at == length()) {
          return pieces;
        }
        int end = at;
        while (end < length() && !isSpace(text.charAt(end))) {
          end++;
        }
        if (most >= 0 && pieces.size() == most) {
          pieces.add(slice(at, length()).stripped(null, false, true));
          return pieces;
        }
        pieces.add(slice(at, end));
        at = end;
      }
    }
    if (separator.isEmpty()) {
      throw new JinjaException("empty separator");
    }
    if (fromRight) {
      int end = length();
      for (int at; (most < 0 || pieces.size() < most) && (at = text.lastIndexOf(separator, end - separator.length())) >= 0;
          end = at) {
        pieces.addFirst(slice(at + separator.length(), end));
      }
      pieces.addFirst(slice(0, end));
      return pieces;
    }
    int from = 0;
    for (int at; (most < 0 || pieces.size() < most) && (at = text.indexOf(separator, from)) >= 0;
        from = at + separator.length()) {
      pieces.add(slice(from, at));
    }
    pieces.add(slice(from, length()));
    return pieces;
  }

  Marked replaced(String what, Marked with, int most) {
    if (what.isEmpty()) {
      return this;
    }
    return join(split(what, most, false), with);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Marked marked && text.equals(marked.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
