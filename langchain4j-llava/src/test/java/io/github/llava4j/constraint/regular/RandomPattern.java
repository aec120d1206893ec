package io.github.llava4j.constraint.regular;

import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;

/** Random regular expressions with a slow and plain way to match them: from a set of places to the set of places behind. */
sealed interface RandomPattern {

  String ALPHABET = "abcé😀";
  String TEXTS = "abcé😀 1_\n-";

  /** As ECMA-262 writes it. */
  String source();

  /** The places behind a match that begins at one of {@code from}. */
  BitSet ends(int[] text, BitSet from);

  /** The language, made by the operations of {@link Language}; not for places. */
  Language language();

  default boolean matches(String text) {
    int[] points = text.codePoints().toArray();
    BitSet start = new BitSet();
    start.set(0);
    return ends(points, start).get(points.length);
  }

  default boolean isFoundIn(String text) {
    int[] points = text.codePoints().toArray();
    BitSet start = new BitSet();
    start.set(0, points.length + 1);
    return !ends(points, start).isEmpty();
  }

  record Text(String text) implements RandomPattern {

    @Override
    public String source() {
      return text.isEmpty() ? "(?:)" : text;
    }

    @Override
    public BitSet ends(int[] text, BitSet from) {
      BitSet ends = new BitSet();
      int[] wanted = this.text.codePoints().toArray();
      from.stream().filter(i -> i + wanted.length <= text.length)
          .filter(i -> java.util.Arrays.equals(wanted, 0, wanted.length, text, i, i + wanted.length))
          .forEach(i -> ends.set(i + wanted.length));
      return ends;
    }

    @Override
    public Language language() {
      return Language.of(text);
    }
  }

  record One(String source, IntPredicate test) implements RandomPattern {

    @Override
    public BitSet ends(int[] text, BitSet from) {
      BitSet ends = new BitSet();
      from.stream().filter(i -> i < text.length && test.test(text[i])).forEach(i -> ends.set(i + 1));
      return ends;
    }

    @Override
    public Language language() {
      return CharacterSet.where(test).language();
    }
  }

  /** A test of a place. */
  record Place(String source) implements RandomPattern {

    @Override
    public BitSet ends(int[] text, BitSet from) {
      BitSet ends = new BitSet();
      from.stream().filter(i -> switch (source) {
        case "^" -> i == 0;
        case "$" -> i == text.length;
        case "\\b" -> isWord(text, i - 1) != isWord(text, i);
        default -> isWord(text, i - 1) == isWord(text, i);
      }).forEach(ends::set);
      return ends;
    }

    private static boolean isWord(int[] text, int i) {
      return i >= 0 && i < text.length && RandomPattern.isWord(text[i]);
    }

    @Override
    public Language language() {
      throw new UnsupportedOperationException();
    }
  }

  record Both(RandomPattern first, RandomPattern second) implements RandomPattern {

    @Override
    public String source() {
      return group(first) + group(second);
    }

    private static String group(RandomPattern part) {
      return part instanceof Either ? "(?:" + part.source() + ")" : part.source();
    }

    @Override
    public BitSet ends(int[] text, BitSet from) {
      return second.ends(text, first.ends(text, from));
    }

    @Override
    public Language language() {
      return Language.concat(first.language(), second.language());
    }
  }

  record Either(RandomPattern first, RandomPattern second) implements RandomPattern {

    @Override
    public String source() {
      return first.source() + "|" + second.source();
    }

    @Override
    public BitSet ends(int[] text, BitSet from) {
      BitSet ends = first.ends(text, from);
      ends.or(second.ends(text, from));
      return ends;
    }

    @Override
    public Language language() {
      return Language.union(first.language(), second.language());
    }
  }

  record Times(RandomPattern item, int min, int max, boolean lazy) implements RandomPattern {

    @Override
    public String source() {
      String times = switch (max) {
        case Integer.MAX_VALUE -> min == 0 ? "*" : min == 1 ? "+" : "{" + min + ",}";
        case 1 -> min == 0 ? "?" : "{1}";
        default -> min == max ? "{" + min + "}" : "{" + min + "," + max + "}";
      };
      return "(" + item.source() + ")" + times + (lazy ? "?" : "");
    }

    @Override
    public BitSet ends(int[] text, BitSet from) {
      BitSet now = from;
      for (int i = 0; i < min; i++) {
        now = item.ends(text, now);
      }
      BitSet all = (BitSet) now.clone();
      for (int i = min; i < max && !now.isEmpty(); i++) {
        now = item.ends(text, now);
        int before = all.cardinality();
        all.or(now);
        if (all.cardinality() == before) {
          break;
        }
      }
      return all;
    }

    @Override
    public Language language() {
      return item.language().repeat(min, max);
    }
  }

  static boolean isWord(int c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
  }

  /** Only texts and operations. */
  static RandomPattern plain(Random random, int depth) {
    return random(random, depth, List.of());
  }

  /** With classes and places, too. */
  static RandomPattern rich(Random random, int depth) {
    return random(random, depth, List.of(new Place("^"), new Place("$"), new Place("\\b"), new Place("\\B"),
        new One(".", c -> c != '\n' && c != '\r' && c != 0x2028 && c != 0x2029), new One("\\w", RandomPattern::isWord),
        new One("\\W", c -> !isWord(c)), new One("[^a\\s]", c -> c != 'a' && c != ' ' && c != '\n'),
        new One("[b-dé]", c -> c >= 'b' && c <= 'd' || c == 'é'), new One("\\p{L}", Character::isLetter),
        new One("\\u{1F600}", c -> c == 0x1F600), new One("[\\w-]", c -> isWord(c) || c == '-'),
        new One("\\d", c -> c >= '0' && c <= '9')));
  }

  private static RandomPattern random(Random random, int depth, List<RandomPattern> atoms) {
    int kind = depth == 0 ? 0 : random.nextInt(9);
    if (kind < 3) {
      int of = random.nextInt(6 + atoms.size());
      return of < atoms.size() ? atoms.get(of) : new Text(text(random, ALPHABET, random.nextInt(3)));
    }
    if (kind < 5) {
      return new Both(random(random, depth - 1, atoms), random(random, depth - 1, atoms));
    }
    if (kind < 7) {
      return new Either(random(random, depth - 1, atoms), random(random, depth - 1, atoms));
    }
    int min = random.nextInt(3);
    int max = random.nextInt(3) == 0 ? Integer.MAX_VALUE : Math.max(1, min + random.nextInt(3));
    return new Times(random(random, depth - 1, atoms), min, max, random.nextInt(4) == 0);
  }

  static String text(Random random, String alphabet, int length) {
    int[] points = alphabet.codePoints().toArray();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      // Mostly the first two, so that patterns are met more often.
      text.appendCodePoint(points[random.nextInt(random.nextBoolean() ? 2 : points.length)]);
    }
    return text.toString();
  }
}
