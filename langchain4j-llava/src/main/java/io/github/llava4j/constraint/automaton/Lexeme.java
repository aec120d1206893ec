package io.github.llava4j.constraint.automaton;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.llava4j.constraint.grammar.Expression.Encoding;
import io.github.llava4j.constraint.grammar.Expression.Terminal;
import io.github.llava4j.constraint.regular.Language;
import org.jspecify.annotations.Nullable;

/**
 * A terminal as an automaton over bytes, made as far as it is walked. Its states are those of the language at the beginnings
 * of characters, under the same numbers, and those in between, numbered as they turn up. Not thread-safe.
 */
final class Lexeme {

  /** No byte leads on from here. */
  static final int DEAD = -1;

  private static final int FAR = 1 << 28;
  private static final int MOST_ROWS = 4_096;
  private static final int SOME_PARTS = 64;

  final int minLength;
  final int maxLength;
  final boolean quoted;
  final int start;
  /** Counts of characters at which it matters how many there were, ascending. */
  final int[] thresholds;
  private final Language language;
  private final int farthest;
  private final int done;
  private final int opening;
  /** Bytes that follow at the least, by way of the fewest characters, from each state of the language. */
  private final int[] rest;
  private final boolean[] free;
  /** Where bytes lead to from states that were asked; null where there are too many to keep that. */
  private final int @Nullable [][] rows;
  private final Map<Integer, Boolean> open = new HashMap<>();
  private final Map<Integer, long[]> firstBytes = new HashMap<>();
  private final List<Part> parts = new ArrayList<>();
  private final Map<Part, Integer> numbers = new HashMap<>();

  Lexeme(Terminal terminal) {
    language = terminal.language();
    quoted = terminal.encoding() == Encoding.JSON_STRING;
    minLength = terminal.minLength();
    maxLength = terminal.maxLength();
    done = language.states();
    opening = done + 1;
    start = quoted ? opening : 0;
    rest = ShortestWords.bytes(language, quoted);
    rows = language.states() > MOST_ROWS ? null : new int[2 * language.states() + SOME_PARTS][];
    free = new boolean[language.states()];
    for (int state = 0; state < free.length; state++) {
      free[state] = computeFree(state);
    }
    int most = 0;
    for (int state = 0; state < language.states(); state++) {
      most = Math.max(most, language.distance(state));
    }
    farthest = most;
    thresholds = maxLength == Integer.MAX_VALUE
        ? new int[] {minLength}
        : new int[] {minLength, Math.max(minLength, maxLength - farthest)};
  }

  /** Whether plain tokens lead nowhere but to other places in the same word: not out of it, and through no escape. */
  boolean keepsPlain(int state) {
    return quoted && (state <= opening || !parts.get(state - opening - 1).escape());
  }

  /** Whether the empty text is a word of it, quotes included. */
  boolean canBeEmpty() {
    return minLength == 0 && accepts(start);
  }

  /** Whether there is a limit to its length. */
  boolean isBounded() {
    return maxLength < Integer.MAX_VALUE;
  }

  /** Characters that are at most missing to a word's end, wherever one is. */
  int farthest() {
    return farthest;
  }

  /** Whether it has a word at all. */
  boolean hasWords() {
    return !language.isNone() && minLength <= maxLength && distance(start) <= maxLength;
  }

  /** The state behind {@code state} and a byte, or {@link #DEAD}. */
  int next(int state, int value) {
    if (rows == null || state >= rows.length) {
      return step(state, value);
    }
    int[] row = rows[state];
    if (row == null) {
      row = new int[256];
      for (int i = 0; i < row.length; i++) {
        row[i] = step(state, i);
      }
      rows[state] = row;
    }
    return row[value];
  }

  private int step(int state, int value) {
    if (state == opening) {
      return value == '"' ? 0 : DEAD;
    }
    if (state == done) {
      return DEAD;
    }
    if (state > opening) {
      return goOn(parts.get(state - opening - 1), value);
    }
    if (quoted && value == '"') {
      return language.accepting(state) ? done : DEAD;
    }
    if (quoted && value == '\\') {
      return escapable(state) ? number(Part.backslash(state)) : DEAD;
    }
    if (value < 0x80) {
      return quoted && value < 0x20 ? DEAD : target(state, value);
    }
    return begin(Part.utf8(state, value));
  }

  /** The bytes that can follow, as 256 bits. Not to be changed. */
  long[] firstBytes(int state) {
    return firstBytes.computeIfAbsent(state, key -> {
      long[] bytes = new long[4];
      for (int value = 0; value < 256; value++) {
        if (next(key, value) != DEAD) {
          bytes[value >> 6] |= 1L << value;
        }
      }
      return bytes;
    });
  }

  private int begin(Part part) {
    return isPossible(part) ? number(part) : DEAD;
  }

  private int goOn(Part part, int value) {
    if (part.escape()) {
      return escape(part, value);
    }
    if ((value & 0xC0) != 0x80) {
      return DEAD;
    }
    Part longer = part.longer(value);
    return longer.size() == longer.length() ? target(longer.from(), longer.low()) : begin(longer);
  }

  private int escape(Part part, int value) {
    return switch (part.size()) {
      case 1 -> {
        int character = Escapes.unescaped(value);
        if (character != Escapes.NONE) {
          yield target(part.from(), character);
        }
        yield value == 'u' && longEscapes(part.from(), 0, 0x1F) ? number(part.longerEscape(0)) : DEAD;
      }
      case 2, 3 -> value == '0' ? number(part.longerEscape(0)) : DEAD;
      case 4 -> {
        int digit = value - '0';
        yield (digit == 0 || digit == 1) && longEscapes(part.from(), digit << 4, digit << 4 | 15)
            ? number(part.longerEscape(digit)) : DEAD;
      }
      default -> {
        int digit = value >= '0' && value <= '9' ? value - '0' : value >= 'a' && value <= 'f' ? value - 'a' + 10 : -1;
        int character = part.bytes() << 4 | digit;
        yield digit >= 0 && Escapes.isLong(character) ? target(part.from(), character) : DEAD;
      }
    };
  }

  private boolean longEscapes(int state, int from, int to) {
    for (int character = from; character <= to; character++) {
      if (Escapes.isLong(character) && target(state, character) != DEAD) {
        return true;
      }
    }
    return false;
  }

  private boolean escapable(int state) {
    return target(state, '"') != DEAD || target(state, '\\') != DEAD || overlaps(state, 0, 0x1F);
  }

  private int number(Part part) {
    return numbers.computeIfAbsent(simplest(part), key -> {
      parts.add(key);
      return opening + parts.size();
    });
  }

  /** The part that stands for all that can go on like this one: where they lead to one place, one will do. */
  private Part simplest(Part part) {
    if (part.escape()) {
      return part;
    }
    Part simple = part.simplest();
    int target = onlyTarget(part);
    return target != DEAD && target == onlyTarget(simple) ? simple : part;
  }

  /** Where all characters that begin so lead to, or DEAD if that is not one place. */
  private int onlyTarget(Part part) {
    int next = part.low();
    int target = DEAD;
    for (int range = rangeFrom(part.from(), next); next <= part.high(); range++) {
      if (range == language.rangeCount(part.from()) || language.rangeFrom(part.from(), range) > next
          || target != DEAD && language.target(part.from(), range) != target) {
        return DEAD;
      }
      target = language.target(part.from(), range);
      next = afterSurrogates(language.rangeTo(part.from(), range) + 1);
    }
    return target;
  }

  private boolean isPossible(Part part) {
    return part.length() > 0 && overlaps(part.from(), part.low(), part.high());
  }

  private int target(int state, int character) {
    int range = rangeFrom(state, character);
    return range < language.rangeCount(state) && language.rangeFrom(state, range) <= character
        ? language.target(state, range) : DEAD;
  }

  private boolean overlaps(int state, int from, int to) {
    int range = rangeFrom(state, from);
    return from <= to && range < language.rangeCount(state) && language.rangeFrom(state, range) <= to;
  }

  /** The first range of {@code state} that ends at {@code character} or behind it. */
  private int rangeFrom(int state, int character) {
    int low = 0;
    int high = language.rangeCount(state);
    while (low < high) {
      int middle = low + high >>> 1;
      if (language.rangeTo(state, middle) < character) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Whether the next byte begins a character, unless it is the closing quote. */
  boolean isBoundary(int state) {
    return state < done;
  }

  /** Whether the word may end here as far as its characters are concerned. */
  boolean accepts(int state) {
    return quoted ? state == done : state < done && language.accepting(state);
  }

  /** Whether a byte can follow. */
  boolean goesOn(int state) {
    return state != done && (state >= done || quoted || language.rangeCount(state) > 0);
  }

  /** Whether each plain character leads from here to here. */
  boolean isFree(int state) {
    return state < done && free[state];
  }

  /** Whether any plain text may follow and the word may end behind it. */
  boolean isOpen(int state) {
    if (state < done) {
      return free[state] && language.accepting(state);
    }
    return state > opening && open.computeIfAbsent(state, key -> isOpen(parts.get(key - opening - 1)));
  }

  private boolean isOpen(Part part) {
    if (part.escape()) {
      return false;
    }
    int next = part.low();
    for (int range = rangeFrom(part.from(), next); next <= part.high(); range++) {
      if (range == language.rangeCount(part.from()) || language.rangeFrom(part.from(), range) > next
          || !isOpen(language.target(part.from(), range))) {
        return false;
      }
      next = afterSurrogates(language.rangeTo(part.from(), range) + 1);
    }
    return true;
  }

  private static int afterSurrogates(int character) {
    return character >= 0xD800 && character < 0xE000 ? 0xE000 : character;
  }

  /** How many characters must follow at the least, that which has begun not counted. */
  int distance(int state) {
    if (state < done) {
      return language.distance(state);
    }
    if (state == done) {
      return 0;
    }
    return state == opening ? language.distance(0) : nearest(parts.get(state - opening - 1))[0];
  }

  /** With so many bytes the word can be completed from {@code state}, where {@code count} characters were before. */
  int leastBytes(int state, int count) {
    if (state == done) {
      return 0;
    }
    int end = quoted ? 1 : 0;
    if (state == opening) {
      return 1 + wanted(0, 0) + end;
    }
    if (state < done) {
      return wanted(state, count) + end;
    }
    int[] near = nearest(parts.get(state - opening - 1));
    return near[1] + Math.max(0, minLength - count) + end;
  }

  private int wanted(int state, int count) {
    // A least length is only given for the language of all texts, where each missing character is one byte.
    return rest[state] + Math.max(0, minLength - count);
  }

  /** Characters and bytes that follow at the least where a character has begun. */
  private int[] nearest(Part part) {
    int characters = FAR;
    int bytes = FAR;
    int from = part.escape() ? 0 : part.low();
    int to = part.escape() ? '\\' : part.high();
    for (int range = rangeFrom(part.from(), from);
        range < language.rangeCount(part.from()) && language.rangeFrom(part.from(), range) <= to; range++) {
      int target = language.target(part.from(), range);
      int left = part.escape()
          ? Escapes.bytesLeft(part, Math.max(from, language.rangeFrom(part.from(), range)), Math.min(to, language.rangeTo(part.from(), range)), FAR)
          : part.length() - part.size();
      if (left < FAR && (language.distance(target) < characters
          || language.distance(target) == characters && left + rest[target] < bytes)) {
        characters = language.distance(target);
        bytes = left + rest[target];
      }
    }
    return new int[] {characters, bytes};
  }

  private boolean computeFree(int state) {
    return leadsHere(state, 0x20, 0x21) && leadsHere(state, 0x23, 0x5B) && leadsHere(state, 0x5D, 0xD7FF)
        && leadsHere(state, 0xE000, 0x10FFFF);
  }

  private boolean leadsHere(int state, int from, int to) {
    int next = from;
    for (int range = rangeFrom(state, from); next <= to; range++) {
      if (range == language.rangeCount(state) || language.rangeFrom(state, range) > next
          || language.target(state, range) != state) {
        return false;
      }
      next = afterSurrogates(language.rangeTo(state, range) + 1);
    }
    return true;
  }

  /** Marks in {@code edges} each byte at which another class of bytes begins, and where it ends. */
  void addEdges(boolean[] edges) {
    boolean wide = false;
    for (int state = 0; state < language.states(); state++) {
      for (int range = 0; range < language.rangeCount(state); range++) {
        int from = language.rangeFrom(state, range);
        int to = language.rangeTo(state, range) + 1;
        wide |= from > 0x80 && from != 0xE000 || to > 0x80 && to != 0xD800 && to != 0x110000;
        edges[Math.min(from, 0x80)] = true;
        edges[Math.min(to, 0x80)] = true;
      }
    }
    for (int edge : wide ? allHigh() : UTF8_EDGES) {
      edges[edge] = true;
    }
    if (quoted) {
      for (char escape : "\"\\ntrbfu0123456789abcdef".toCharArray()) {
        edges[escape] = true;
        edges[escape + 1] = true;
      }
      edges[0x20] = true;
    }
  }

  private static final int[] UTF8_EDGES =
      {0x80, 0x90, 0xA0, 0xC0, 0xC2, 0xE0, 0xE1, 0xED, 0xEE, 0xF0, 0xF1, 0xF4, 0xF5};

  private static int[] allHigh() {
    int[] edges = new int[0x80];
    Arrays.setAll(edges, i -> 0x80 + i);
    return edges;
  }
}
