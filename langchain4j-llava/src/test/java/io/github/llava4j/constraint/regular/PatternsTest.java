package io.github.llava4j.constraint.regular;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.llava4j.ConstraintException;
import io.github.llava4j.UnsupportedConstraintException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PatternsTest {

  @Test
  void findsWhatASlowMatcherFinds() {
    Random random = new Random(3);
    int found = 0;
    int texts = 0;
    for (int i = 0; i < 4_000; i++) {
      RandomPattern pattern = RandomPattern.rich(random, 4);
      Language search = Patterns.search(pattern.source());
      Language whole = Patterns.whole(pattern.source());
      for (int j = 0; j < 30; j++) {
        String text = RandomPattern.text(random, RandomPattern.TEXTS, random.nextInt(7));
        assertThat(search.contains(text)).as("%s in <%s>", pattern.source(), text).isEqualTo(pattern.isFoundIn(text));
        assertThat(whole.contains(text)).as("%s is <%s>", pattern.source(), text).isEqualTo(pattern.matches(text));
        texts++;
        found += search.contains(text) ? 1 : 0;
      }
    }
    assertThat(found).isBetween(texts / 5, texts * 4 / 5);
  }

  /** Its matcher errs where a group that may be empty is repeated, and splits surrogate pairs; elsewhere it must agree. */
  @Test
  void findsWhatJavaFinds() {
    Random random = new Random(4);
    int compared = 0;
    for (int i = 0; i < 6_000; i++) {
      RandomPattern pattern = RandomPattern.rich(random, 4);
      if (repeatsEmpty(pattern)) {
        continue;
      }
      Pattern java = java(pattern.source());
      Language search = Patterns.search(pattern.source());
      for (int j = 0; j < 30; j++) {
        String text = RandomPattern.text(random, RandomPattern.TEXTS, random.nextInt(7));
        assertThat(search.contains(text)).as("%s in <%s>", pattern.source(), text)
            .isEqualTo(java.matcher(text.replace("😀", "☺")).find());
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(60_000);
  }

  private static boolean repeatsEmpty(RandomPattern pattern) {
    return switch (pattern) {
      case RandomPattern.Both both -> repeatsEmpty(both.first()) || repeatsEmpty(both.second());
      case RandomPattern.Either either -> repeatsEmpty(either.first()) || repeatsEmpty(either.second());
      case RandomPattern.Times times -> repeatsEmpty(times.item()) || mayBeEmpty(times.item());
      default -> false;
    };
  }

  private static boolean mayBeEmpty(RandomPattern pattern) {
    return switch (pattern) {
      case RandomPattern.Text text -> text.text().isEmpty();
      case RandomPattern.One one -> false;
      case RandomPattern.Place place -> true;
      case RandomPattern.Both both -> mayBeEmpty(both.first()) && mayBeEmpty(both.second());
      case RandomPattern.Either either -> mayBeEmpty(either.first()) || mayBeEmpty(either.second());
      case RandomPattern.Times times -> times.min() == 0 || mayBeEmpty(times.item());
    };
  }

  private static Pattern java(String source) {
    return Pattern.compile(source.replace("$", "\\z")
        .replace("\\b", "(?:(?<=\\w)(?!\\w)|(?<!\\w)(?=\\w))")
        .replace("\\B", "(?:(?<=\\w)(?=\\w)|(?<!\\w)(?!\\w))")
        .replace(".", "[^\\n\\r\\u2028\\u2029]")
        .replace("\\u{1F600}", "☺")
        .replace("😀", "☺"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pattern.json", "ecmascript-regex.json", "non-bmp-regex.json"})
  void agreesWithTheJsonSchemaTestSuite(String file) throws Exception {
    JsonNode groups = new ObjectMapper().readTree(PatternsTest.class.getResourceAsStream("suite/" + file));
    int judged = 0;
    List<String> unsupported = new ArrayList<>();
    for (JsonNode group : groups) {
      JsonNode pattern = group.path("schema").path("pattern");
      if (pattern.isMissingNode()) {
        continue;
      }
      Language language;
      try {
        language = Patterns.search(pattern.textValue());
      } catch (UnsupportedConstraintException e) {
        unsupported.add(pattern.textValue());
        continue;
      }
      for (JsonNode test : group.path("tests")) {
        if (test.path("data").isTextual()) {
          assertThat(language.contains(test.path("data").textValue())).as("%s: %s", pattern, test)
              .isEqualTo(test.path("valid").booleanValue());
          judged++;
        }
      }
    }
    assertThat(unsupported).isEmpty();
    assertThat(judged).isPositive();
  }

  @ParameterizedTest
  @CsvSource(delimiter = ' ', value = {"^(a|b)$ b ab", "^a|b$ ab ba", "^a|b$ axx xax", "[^\\d]{2} ab 1b",
      "\\/\\-\\. x/-.x /-x", "\\x41\\u0042\\u{43}\\cJ? ABC AB", "\\ud83d\\ude00 😀 \uD83D\uFE00", "^[\\b]$ '\b' b",
      "^[^]$ 😀 ab", "x[]|a a x", "^[\\w-.]+$ a-. a+", "^[+--]+$ +,- a", "^[a-]+$ a- b", "^(?<year>\\d{4})-(?:\\d\\d)$ 2026-11 26-11",
      "^a{2}?$ aa a", "^]}$ ]} ]", "^{a}$ {a} a", "^{a{2}}$ {aa} {a", "^\\p{Script=Greek}+$ αβ ab", "^\\p{Lu}\\P{Lu}$ Ab AB",
      "^\\p{gc=Nd}$ ৪ a", "^\\p{Emoji_Presentation}$ 😀 a", "^\\p{LC}$ a 1", "^\\0$ '\0' 0", "\\bfoo\\b foo-bar foobar",
      "^\\Boo|x\\B xo oo", "^.$ 😀 '\u2028'", "^\\s$ '\uFEFF' '\u180E'"})
  void knowsWhatEcma262Has(String pattern, String match, String none) {
    Language language = Patterns.search(pattern);

    assertThat(language.contains(match)).as("%s in <%s>", pattern, match).isTrue();
    assertThat(language.contains(none)).as("%s in <%s>", pattern, none).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"x(?=a),1,lookahead", "x(?!a),1,lookahead", "(?<=a)x,0,lookbehind", "(?<!a)x,0,lookbehind",
      "(a)\\1,3,back reference", "(?<n>a)\\k<n>,7,back reference", "(?i)a,0,flags", "a(?-i:b),1,flags",
      "(?P<n>a),0,Python", "(?>a),0,atomic", "x[[:alpha:]],2,POSIX", "a\\p{Foo},1,Foo", "\\p{Script_Extensions=Greek},0,Script_Ext"})
  void refusesByNameWhatIsNotRegular(String pattern, int index, String name) {
    assertThatThrownBy(() -> Patterns.search(pattern))
        .isInstanceOf(UnsupportedConstraintException.class)
        .hasMessageContaining(name)
        .hasMessageContaining("at index " + index + " ")
        .hasMessageContaining(pattern);
  }

  @ParameterizedTest
  @CsvSource(quoteCharacter = '"', value = {"*a,0", "a**,2", "a|+,2", "(?:),-", "a(,1", "a),1", "[a,0", "x[b-a],2", "a\\,1", "\\u12,0",
      "\\x1,0", "\\p,0", "\\pL,0", "\\p{L,0", "(?<1>a),0", "(?<>a),0", "(?<n,0", "^*,1", "\\b+,2", "\\u{110000},0", "\\u{},0", "\"a{2,1}\",1",
      "\"a{,3}\",1", "{1},0", "\\Z,0", "\\a,0", "\\01,0", "[\\1],1", "\\c1,0", "(?,0", "[\\B],1", "(?#c),0", "a++,2"})
  void saysWhereAPatternIsMalformed(String pattern, String index) {
    if (index.equals("-")) {
      assertThat(Patterns.search(pattern).isAny()).isTrue();
      return;
    }
    assertThatThrownBy(() -> Patterns.search(pattern))
        .isExactlyInstanceOf(ConstraintException.class)
        .hasMessageContaining("malformed at index " + index + ":");
  }

  @Test
  void endsWithATypedErrorWhereAPatternIsTooLarge() {
    for (String pattern : List.of("(a{0,999}){0,999}", "[ab]*a[ab]{30}", "(".repeat(100_000), "(".repeat(15_000), "[".repeat(15_000),
        "(?:".repeat(65) + ")".repeat(65), "(((a{0,30}){0,30}){0,30}){0,30}b", "a{99999999999}", "a{20000}", "((a{50}b?){50}c?){50}",
        "(.*a){40}b(.*c){40}$", "(\\p{L}{0,1000}[^a]){0,900}x", "(a|b|ab){3,8000}\\b", "x{19000}y{19000}")) {
      assertThatThrownBy(() -> Patterns.search(pattern)).as(pattern.substring(0, Math.min(40, pattern.length())))
          .isInstanceOf(ConstraintException.class);
    }
  }

  @Test
  void copesWithWhatOnlyLooksLarge() {
    assertThat(Patterns.search("(".repeat(64) + "a" + ")".repeat(64))).isEqualTo(Patterns.search("a"));
    assertThat(Patterns.search("^(((a*)*)*)*$")).isEqualTo(Patterns.search("^a*$"));
    assertThat(Patterns.search("^(a*){0,1000000}$")).isEqualTo(Patterns.search("^a*$"));
    assertThat(Patterns.search("^(a+a+)+$")).isEqualTo(Patterns.search("^a{2,}$"));
    assertThat(Patterns.search("^\\p{L}{0,5000}$").longestLength()).isEqualTo(5_000);
    assertThat(Patterns.search("^(ab?){0,1000}$").longestLength()).isEqualTo(2_000);
    assertThat(Patterns.search("^(a|ab|b){0,500}$").longestLength()).isEqualTo(1_000);
    assertThat(Patterns.search("x".repeat(2_000)).shortestLength()).isEqualTo(2_000);
  }

  @Test
  void surrogatesAreNoCharacters() {
    assertThat(Patterns.search("^[\\ud800-\\udfff]$").isNone()).isTrue();
    assertThat(Patterns.search("^[^\\ud800-\\udfff]*$").isAny()).isTrue();
  }
}
