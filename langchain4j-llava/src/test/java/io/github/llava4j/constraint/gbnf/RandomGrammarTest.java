package io.github.llava4j.constraint.gbnf;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;

import io.github.llava4j.ConstraintException;
import io.github.llava4j.constraint.grammar.Grammar;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Random grammars: what is compiled has exactly the words that a matcher finds which tries everything. */
class RandomGrammarTest {

  private static final int RULES = 4;

  /** A grammar as this test knows it: its text, and the places behind a match. */
  private interface Thing {

    String text();

    /** @param depth calls around it; those that are deeper than any word needs find nothing */
    TreeSet<Integer> ends(String word, int from, Thing[] rules, int depth);
  }

  private record Word(String word) implements Thing {

    @Override
    public String text() {
      return '"' + word + '"';
    }

    @Override
    public TreeSet<Integer> ends(String in, int from, Thing[] rules, int depth) {
      return in.startsWith(word, from) ? set(from + word.length()) : set();
    }
  }

  private record Class(String characters, boolean negated) implements Thing {

    @Override
    public String text() {
      return "[" + (negated ? "^" : "") + characters + "]";
    }

    @Override
    public TreeSet<Integer> ends(String in, int from, Thing[] rules, int depth) {
      return from < in.length() && characters.indexOf(in.charAt(from)) >= 0 != negated ? set(from + 1) : set();
    }
  }

  private record Both(Thing first, Thing second) implements Thing {

    @Override
    public String text() {
      return "(" + first.text() + " " + second.text() + ")";
    }

    @Override
    public TreeSet<Integer> ends(String in, int from, Thing[] rules, int depth) {
      TreeSet<Integer> ends = new TreeSet<>();
      first.ends(in, from, rules, depth).forEach(place -> ends.addAll(second.ends(in, place, rules, depth)));
      return ends;
    }
  }

  private record Either(Thing first, Thing second) implements Thing {

    @Override
    public String text() {
      return "(" + first.text() + " | " + second.text() + ")";
    }

    @Override
    public TreeSet<Integer> ends(String in, int from, Thing[] rules, int depth) {
      TreeSet<Integer> ends = first.ends(in, from, rules, depth);
      ends.addAll(second.ends(in, from, rules, depth));
      return ends;
    }
  }

  private record Times(Thing item, int min, int max) implements Thing {

    @Override
    public String text() {
      return item.text() + "{" + min + "," + (max == Integer.MAX_VALUE ? "" : max) + "}";
    }

    @Override
    public TreeSet<Integer> ends(String in, int from, Thing[] rules, int depth) {
      TreeSet<Integer> ends = new TreeSet<>();
      TreeSet<Integer> places = set(from);
      // More than the least times and one for each character finds nothing new.
      for (int count = 0; count <= Math.min((long) max, min + in.length()) && !places.isEmpty(); count++) {
        if (count >= min) {
          ends.addAll(places);
        }
        TreeSet<Integer> next = new TreeSet<>();
        places.forEach(place -> next.addAll(item.ends(in, place, rules, depth)));
        places = next;
      }
      return ends;
    }
  }

  private record Rule(int number) implements Thing {

    @Override
    public String text() {
      return number == 0 ? "root" : "r" + number;
    }

    @Override
    public TreeSet<Integer> ends(String in, int from, Thing[] rules, int depth) {
      // Without left recursion no rule is called twice in one place, so a word of n characters needs no more calls.
      return depth > RULES * (in.length() + 1) ? set() : rules[number].ends(in, from, rules, depth + 1);
    }
  }

  private static TreeSet<Integer> set(Integer... places) {
    return new TreeSet<>(List.of(places));
  }

  private static Thing random(Random random, int size) {
    if (size <= 1) {
      return switch (random.nextInt(6)) {
        case 0 -> new Word("");
        case 1, 2 -> new Word(List.of("a", "b", "ab", "bbaa").get(random.nextInt(4)));
        case 3 -> new Class(random.nextBoolean() ? "a" : "ab", random.nextInt(3) == 0);
        default -> new Rule(random.nextInt(RULES));
      };
    }
    int first = 1 + random.nextInt(size - 1);
    return switch (random.nextInt(4)) {
      case 0, 1 -> new Both(random(random, first), random(random, size - first));
      case 2 -> new Either(random(random, first), random(random, size - first));
      default -> {
        int min = random.nextInt(3);
        int max = random.nextBoolean() ? Integer.MAX_VALUE : min + random.nextInt(3);
        yield new Times(random(random, size - 1), min, max);
      }
    };
  }

  @Test
  void hasTheWordsThatTheNotationSays() {
    List<String> words = words(5);
    int compiled = 0;
    int accepted = 0;
    for (int seed = 0; seed < 4_000; seed++) {
      Random random = new Random(seed);
      Thing[] rules = IntStream.range(0, RULES).mapToObj(i -> random(random, 1 + random.nextInt(7))).toArray(Thing[]::new);
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < RULES; i++) {
        text.append(new Rule(i).text()).append(" ::= ").append(rules[i].text()).append('\n');
      }
      Grammar grammar;
      try {
        grammar = Gbnf.parse(text.toString());
      } catch (ConstraintException e) {
        assertThat(e).hasMessageMatching("(?s).*(may begin with itself|nothing matches).*");
        if (e.getMessage().contains("nothing matches")) {
          assertThat(words).as(text.toString()).noneMatch(word -> rules[0].ends(word, 0, rules, 0).contains(word.length()));
        }
        continue;
      }
      compiled++;
      for (String word : words) {
        boolean expected = rules[0].ends(word, 0, rules, 0).contains(word.length());
        assertThat(Words.has(grammar, word)).as(seed + ": " + text + "word: " + word).isEqualTo(expected);
        accepted += expected ? 1 : 0;
      }
    }
    // Else this would test little.
    assertThat(compiled).isGreaterThan(1_000);
    assertThat(accepted).isGreaterThan(10_000);
  }

  private static List<String> words(int longest) {
    List<String> all = new ArrayList<>(List.of(""));
    List<String> last = all;
    for (int length = 1; length <= longest; length++) {
      last = last.stream().flatMap(word -> "abc".chars().mapToObj(c -> word + (char) c))
          .filter(word -> word.indexOf('c') < 0 || word.length() <= 3).toList();
      all = new ArrayList<>(all);
      all.addAll(last);
    }
    return all;
  }
}
