package io.github.llava4j.constraint.regular;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.github.llava4j.ConstraintException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LanguageTest {

  private static final List<String> ALL_SHORT = allShort();

  private static List<String> allShort() {
    List<String> texts = new ArrayList<>(List.of(""));
    int from = 0;
    for (int length = 1; length <= 4; length++) {
      int to = texts.size();
      for (int i = from; i < to; i++) {
        for (int c : RandomPattern.ALPHABET.codePoints().toArray()) {
          texts.add(texts.get(i) + Character.toString(c));
        }
      }
      from = to;
    }
    return texts;
  }

  @Test
  void holdsTheTextsThatASlowMatcherMatches() {
    Random random = new Random(1);
    for (int i = 0; i < 600; i++) {
      RandomPattern pattern = RandomPattern.plain(random, 4);
      Language language = pattern.language();
      Language complement = language.complement();
      for (String text : ALL_SHORT) {
        boolean matches = pattern.matches(text);
        if (language.contains(text) != matches || complement.contains(text) == matches) {
          assertThat(language.contains(text)).as("%s on <%s>", pattern.source(), text).isEqualTo(matches);
          assertThat(complement.contains(text)).as("not %s on <%s>", pattern.source(), text).isNotEqualTo(matches);
        }
      }
      for (int j = 0; j < 10 && !language.isNone(); j++) {
        String text = RandomText.of(language, random, 12);
        assertThat(pattern.matches(text)).as("%s on <%s>", pattern.source(), text).isTrue();
      }
      assertIsMinimal(language);
      assertIsMinimal(complement);
      assertHasDistances(language);
    }
  }

  @Test
  void obeysTheLawsOfSets() {
    Random random = new Random(2);
    for (int i = 0; i < 400; i++) {
      Language a = RandomPattern.plain(random, 3).language();
      Language b = RandomPattern.plain(random, 3).language();
      Language c = RandomPattern.plain(random, 2).language();

      assertThat(a.complement().complement()).isEqualTo(a).hasSameHashCodeAs(a);
      assertThat(Language.union(a, b)).isEqualTo(Language.union(b, a));
      assertThat(Language.union(a, b).complement()).isEqualTo(a.complement().and(b.complement()));
      assertThat(a.and(b)).isEqualTo(b.and(a));
      assertThat(a.minus(b)).isEqualTo(a.and(b.complement()));
      assertThat(Language.union(a.minus(b), a.and(b))).isEqualTo(a);
      assertThat(a.isDisjoint(b)).isEqualTo(a.and(b).isNone());
      assertThat(a.isDisjoint(a.complement())).isTrue();
      assertThat(Language.union(a, a.complement()).isAny()).isTrue();
      assertThat(Language.concat(a, Language.union(b, c))).isEqualTo(Language.union(Language.concat(a, b), Language.concat(a, c)));
      assertThat(Language.concat(a, b, c)).isEqualTo(Language.concat(a, Language.concat(b, c)));
      assertThat(Language.concat(a, Language.empty())).isEqualTo(a);
      assertThat(Language.concat(a, Language.none()).isNone()).isTrue();
      assertThat(a.equals(b)).isEqualTo(a.minus(b).isNone() && b.minus(a).isNone());
    }
  }

  @Test
  void repeats() {
    Random random = new Random(3);
    for (int i = 0; i < 200; i++) {
      Language a = RandomPattern.plain(random, 3).language();
      Language star = a.repeat(0, Integer.MAX_VALUE);

      assertThat(Language.concat(star, star)).isEqualTo(star);
      assertThat(Language.union(Language.empty(), Language.concat(a, star))).isEqualTo(star);
      assertThat(a.repeat(2, 2)).isEqualTo(Language.concat(a, a));
      assertThat(a.repeat(0, 1)).isEqualTo(a.optional()).isEqualTo(Language.union(a, Language.empty()));
      assertThat(a.repeat(1, 3)).isEqualTo(Language.union(a, Language.concat(a, a), Language.concat(a, a, a)));
      assertThat(a.repeat(2, Integer.MAX_VALUE)).isEqualTo(Language.concat(a, a, star));
      assertThat(a.repeat(2, 5)).isEqualTo(Language.concat(a.repeat(2, 2), a.repeat(0, 3)));
      Language b = Language.ofAll(List.of(RandomPattern.text(random, "ab", 1), RandomPattern.text(random, "ab", random.nextInt(4))));
      assertThat(b.repeat(3, 20)).isEqualTo(Language.concat(b.repeat(3, 3), b.repeat(0, 17)));
      assertThat(b.repeat(18, Integer.MAX_VALUE))
          .isEqualTo(Language.concat(b.repeat(9, 9), b.repeat(9, 9), b.repeat(0, Integer.MAX_VALUE)));
      assertThat(a.repeat(0, 0)).isEqualTo(Language.empty());
      assertIsMinimal(a.repeat(2, 5));
    }
  }

  @Test
  void limitsLengths() {
    Random random = new Random(4);
    for (int i = 0; i < 200; i++) {
      Language a = RandomPattern.plain(random, 3).language();
      int min = random.nextInt(4);
      int max = random.nextInt(4) == 0 ? Integer.MAX_VALUE : min + random.nextInt(3);
      Language limited = a.withLength(min, max);
      int shortest = Integer.MAX_VALUE;
      int longest = 0;
      for (String text : ALL_SHORT) {
        int length = text.codePointCount(0, text.length());
        assertThat(limited.contains(text)).isEqualTo(a.contains(text) && length >= min && length <= max);
        if (a.contains(text)) {
          shortest = Math.min(shortest, length);
          longest = Math.max(longest, length);
        }
      }
      if (a.shortestLength() <= 4 || shortest != Integer.MAX_VALUE) {
        assertThat(a.shortestLength()).isEqualTo(shortest);
      }
      if (a.longestLength() <= 4) {
        assertThat(longest).isEqualTo(a.longestLength());
      } else {
        assertThat(a.isNone()).isFalse();
        assertThat(a.withLength(5, Integer.MAX_VALUE).isNone()).isFalse();
      }
    }
    assertThat(Language.any().withLength(0, Integer.MAX_VALUE).isAny()).isTrue();
    assertThat(Language.any().withLength(3, 7).shortestLength()).isEqualTo(3);
    assertThat(Language.any().withLength(3, 7).longestLength()).isEqualTo(7);
    assertThat(Language.any().withLength(1, 1).contains("😀")).isTrue();
  }

  @Test
  void knowsItsExtremes() {
    assertThat(Language.none().states()).isZero();
    assertThat(Language.none().contains("")).isFalse();
    assertThat(Language.none().shortestLength()).isEqualTo(Integer.MAX_VALUE);
    assertThat(Language.none().longestLength()).isZero();
    assertThat(Language.none().complement()).isEqualTo(Language.any());
    assertThat(Language.any().complement()).isEqualTo(Language.none());
    assertThat(Language.any().longestLength()).isEqualTo(Integer.MAX_VALUE);
    assertThat(Language.any().rangeCount(0)).isEqualTo(2);
    assertThat(Language.any().contains("a😀\0")).isTrue();
    assertThat(Language.any().contains("a\ud800")).isFalse();
    assertThat(Language.empty()).isEqualTo(Language.of("")).isEqualTo(Language.any().withLength(0, 0));
    assertThat(Language.union()).isEqualTo(Language.none());
    assertThat(Language.concat()).isEqualTo(Language.empty());
    assertThat(Language.ofAll(List.of())).isEqualTo(Language.none());
    assertThat(Language.none().repeat(0, 5)).isEqualTo(Language.empty());
    assertThat(Language.none().repeat(1, 5)).isEqualTo(Language.none());
    assertThat(Language.of("a")).isNotEqualTo(Language.of("b")).hasToString("Language[2 states, texts of 1 to 1 characters]");
  }

  @ParameterizedTest
  @CsvSource({"0x0, 0x10FFFF, 2", "0xD7FF, 0xE000, 2", "0xD800, 0xDFFF, 0", "0xD000, 0xDABC, 1", "0xDABC, 0xE005, 1", "0x61, 0x61, 1"})
  void rangesLeaveSurrogatesOut(int from, int to, int ranges) {
    Language language = Language.range(from, to);

    assertThat(language.isNone() ? 0 : language.rangeCount(0)).isEqualTo(ranges);
    for (int character : new int[] {from - 1, from, to, to + 1}) {
      if (character >= 0 && character <= Character.MAX_CODE_POINT) {
        boolean inside = character >= from && character <= to && !Characters.isSurrogate(character);
        assertThat(language.contains(Character.toString(character))).isEqualTo(inside);
      }
    }
  }

  @Test
  void wordListsAreUnionsOfWords() {
    Random random = new Random(6);
    for (int i = 0; i < 300; i++) {
      List<String> words = new ArrayList<>();
      for (int j = random.nextInt(12); j >= 0; j--) {
        words.add(RandomPattern.text(random, RandomPattern.ALPHABET, random.nextInt(6)));
      }
      Language list = Language.ofAll(words);

      assertThat(list).isEqualTo(Language.union(words.stream().map(Language::of).toArray(Language[]::new)));
      Collections.shuffle(words, random);
      assertThat(Language.ofAll(words)).isEqualTo(list);
      assertIsMinimal(list);
      ALL_SHORT.forEach(text -> assertThat(list.contains(text)).isEqualTo(words.contains(text)));
    }
  }

  @Test
  void longWordListsStayLinear() {
    Random random = new Random(7);
    List<String> words = randomWords(random, 5_000, 20);
    Language list = Language.ofAll(words);
    Language others = list.complement();

    assertThat(list.states()).isGreaterThan(Language.MAX_STATES);
    assertThat(others.states()).isEqualTo(list.states() + 1);
    for (String word : words) {
      assertThat(list.contains(word)).isTrue();
      assertThat(others.contains(word)).isFalse();
      assertThat(list.contains(word + "a")).isFalse();
      assertThat(others.contains(word.substring(1))).isTrue();
    }
    assertThat(Language.any().minus(list)).isEqualTo(others);
    assertThat(list.longestLength()).isEqualTo(20);
  }

  @Test
  void tooManyWordsAreRefused() {
    List<String> words = randomWords(new Random(8), 20_000, 30);

    assertThatThrownBy(() -> Language.ofAll(words))
        .isInstanceOf(ConstraintException.class)
        .hasMessageContaining("400000 states");
  }

  private static List<String> randomWords(Random random, int count, int length) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      StringBuilder word = new StringBuilder();
      for (int j = 0; j < length; j++) {
        word.append((char) ('a' + random.nextInt(26)));
      }
      words.add(word.toString());
    }
    return words;
  }

  @Test
  void refusesHalfCharacters() {
    assertThatThrownBy(() -> Language.of("a\udc00b"))
        .isInstanceOf(ConstraintException.class)
        .hasMessageContaining("U+DC00");
  }

  @Test
  void refusesWhatIsTooLarge() {
    Language ab = Language.union(Language.of("a"), Language.of("b"));
    Language any = ab.repeat(0, Integer.MAX_VALUE);
    assertThatThrownBy(() -> Language.concat(any, Language.of("a"), ab.repeat(30, 30)))
        .isInstanceOf(ConstraintException.class);
    assertThatThrownBy(() -> Language.of("abc").repeat(0, 10_000))
        .isInstanceOf(ConstraintException.class)
        .hasMessageContaining("20000 states");
    assertThatThrownBy(() -> Language.of("abc").repeat(1_000_000, Integer.MAX_VALUE))
        .isInstanceOf(ConstraintException.class)
        .hasMessageContaining("200000");
    assertThatThrownBy(() -> Language.of("a").repeat(0, 150).and(Language.of("b").repeat(3, 2)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Language.of("a").withLength(-1, 2)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Language.range(5, 4)).isInstanceOf(IllegalArgumentException.class);
  }

  /** No two states accept the same rest, by splitting classes until nothing changes; all can be reached; ranges are in order. */
  private static void assertIsMinimal(Language language) {
    int states = language.states();
    int[] classes = new int[states];
    int count = 0;
    while (true) {
      Map<List<Object>, Integer> signatures = new HashMap<>();
      int[] next = new int[states];
      for (int state = 0; state < states; state++) {
        List<Object> signature = new ArrayList<>(List.of(classes[state], language.accepting(state)));
        for (int i = 0; i < language.rangeCount(state); i++) {
          int target = classes[language.target(state, i)];
          int last = signature.size() - 1;
          boolean continues = last > 1 && signature.get(last).equals(target)
              && signature.get(last - 1).equals(language.rangeFrom(state, i) - 1);
          if (continues) {
            signature.set(last - 1, language.rangeTo(state, i));
          } else {
            signature.addAll(List.of(language.rangeFrom(state, i), language.rangeTo(state, i), target));
          }
        }
        next[state] = signatures.computeIfAbsent(signature, key -> signatures.size());
      }
      classes = next;
      if (signatures.size() == count) {
        break;
      }
      count = signatures.size();
    }
    assertThat(count).as("classes of states").isEqualTo(states);
    assertIsInOrder(language);
  }

  private static void assertIsInOrder(Language language) {
    int found = 1;
    for (int state = 0; state < language.states(); state++) {
      assertThat(state).isLessThan(found);
      int end = -1;
      int last = -1;
      for (int i = 0; i < language.rangeCount(state); i++) {
        int from = language.rangeFrom(state, i);
        int to = language.rangeTo(state, i);
        assertThat(from).isGreaterThan(end).isLessThanOrEqualTo(to);
        assertThat(Characters.isSurrogate(from) || Characters.isSurrogate(to) || from < 0xD800 && to > 0xDFFF).isFalse();
        assertThat(from == end + 1 && language.target(state, i) == last).as("ranges that could be one").isFalse();
        end = to;
        last = language.target(state, i);
        assertThat(last).isLessThanOrEqualTo(found);
        found = Math.max(found, last + 1);
      }
    }
  }

  private static void assertHasDistances(Language language) {
    for (int state = 0; state < language.states(); state++) {
      int expected = language.accepting(state) ? 0 : Integer.MAX_VALUE;
      for (int i = 0; i < language.rangeCount(state) && expected > 0; i++) {
        expected = Math.min(expected, 1 + language.distance(language.target(state, i)));
      }
      assertThat(language.distance(state)).isEqualTo(expected);
    }
  }
}
