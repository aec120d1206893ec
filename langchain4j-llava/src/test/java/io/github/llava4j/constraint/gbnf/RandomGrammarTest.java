package io.github.llava4j.constraint.gbnf;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.github.llava4j.ConstraintException;
import io.github.llava4j.constraint.grammar.Expression;
import io.github.llava4j.constraint.grammar.Grammar;
import io.github.llava4j.constraint.grammar.GrammarOracle;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Random grammars: what is compiled has exactly the words that a matcher finds which tries everything. */
class RandomGrammarTest {

  private static final int RULES = 4;

  /** Four rules, and where their matches in one word end, as far as that was asked. */
  private static final class Rules {

    private final List<Thing> bodies;
    private final Map<Integer, TreeSet<Integer>> known = new HashMap<>();

    Rules(List<Thing> bodies) {
      this.bodies = bodies;
    }

    /** Without left recursion no rule is asked for in a place while that is being found out. */
    TreeSet<Integer> ends(int rule, String in, int from) {
      TreeSet<Integer> ends = known.get(from * RULES + rule);
      if (ends == null) {
        ends = bodies.get(rule).ends(in, from, this);
        known.put(from * RULES + rule, ends);
      }
      return ends;
    }

    boolean isWord(String word) {
      known.clear();
      return ends(0, word, 0).contains(word.length());
    }

    String text() {
      return IntStream.range(0, RULES).mapToObj(i -> new Rule(i).text() + " ::= " + bodies.get(i).text() + "\n")
          .collect(Collectors.joining());
    }
  }

  /** A part of a grammar as this test knows it: its text, and the places behind a match. */
  private interface Thing {

    String text();

    TreeSet<Integer> ends(String word, int from, Rules rules);
  }

  private record Word(String word) implements Thing {

    @Override
    public String text() {
      return '"' + word + '"';
    }

    @Override
    public TreeSet<Integer> ends(String in, int from, Rules rules) {
      return in.startsWith(word, from) ? set(from + word.length()) : set();
    }
  }

  private record Class(String characters, boolean negated) implements Thing {

    @Override
    public String text() {
      return "[" + (negated ? "^" : "") + characters + "]";
    }

    @Override
    public TreeSet<Integer> ends(String in, int from, Rules rules) {
      return from < in.length() && characters.indexOf(in.charAt(from)) >= 0 != negated ? set(from + 1) : set();
    }
  }

  private record Both(Thing first, Thing second) implements Thing {

    @Override
    public String text() {
      return "(" + first.text() + " " + second.text() + ")";
    }

    @Override
    public TreeSet<Integer> ends(String in, int from, Rules rules) {
      TreeSet<Integer> ends = new TreeSet<>();
      first.ends(in, from, rules).forEach(place -> ends.addAll(second.ends(in, place, rules)));
      return ends;
    }
  }

  private record Either(Thing first, Thing second) implements Thing {

    @Override
    public String text() {
      return "(" + first.text() + " | " + second.text() + ")";
    }

    @Override
    public TreeSet<Integer> ends(String in, int from, Rules rules) {
      TreeSet<Integer> ends = first.ends(in, from, rules);
      ends.addAll(second.ends(in, from, rules));
      return ends;
    }
  }

  private record Times(Thing item, int min, int max) implements Thing {

    @Override
    public String text() {
      return "(" + item.text() + "){" + min + "," + (max == Integer.MAX_VALUE ? "" : max) + "}";
    }

    @Override
    public TreeSet<Integer> ends(String in, int from, Rules rules) {
      TreeSet<Integer> ends = new TreeSet<>();
      TreeSet<Integer> places = set(from);
      // More than the least times and one for each character finds nothing new.
      long most = Math.min((long) max, min + in.length());
      for (int count = 0; count <= most && !places.isEmpty(); count++) {
        if (count >= min) {
          ends.addAll(places);
        }
        if (count == most) {
          break;
        }
        TreeSet<Integer> next = new TreeSet<>();
        places.forEach(place -> next.addAll(item.ends(in, place, rules)));
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
    public TreeSet<Integer> ends(String in, int from, Rules rules) {
      return new TreeSet<>(rules.ends(number, in, from));
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
    int repetitions = 0;
    for (int seed = 0; seed < 1_500; seed++) {
      Random random = new Random(seed);
      Rules rules = new Rules(
          IntStream.range(0, RULES).mapToObj(i -> random(random, 1 + random.nextInt(7))).toList());
      Grammar grammar;
      try {
        grammar = Gbnf.parse(rules.text());
      } catch (ConstraintException e) {
        assertThat(e).hasMessageMatching("(?s).*(may begin with itself|nothing matches).*");
        if (e.getMessage().contains("nothing matches")) {
          assertThat(words).as(rules.text()).noneMatch(rules::isWord);
        }
        continue;
      }
      compiled++;
      repetitions += requireItems(grammar);
      GrammarOracle oracle = new GrammarOracle(grammar);
      for (String word : words) {
        boolean expected = rules.isWord(word);
        assertThat(oracle.isWord(word)).as(seed + ": " + rules.text() + "word: " + word).isEqualTo(expected);
        accepted += expected ? 1 : 0;
      }
    }
    // Else this would test little.
    assertThat(compiled).isGreaterThan(500);
    assertThat(repetitions).isGreaterThan(100);
    assertThat(accepted).isGreaterThan(2_000);
  }

  /** Looks whether an item of a repetition may be empty; returns how many repetitions there are. */
  private static int requireItems(Grammar grammar) {
    Deque<Expression> open = new ArrayDeque<>(grammar.rules().values());
    int count = 0;
    while (!open.isEmpty()) {
      switch (open.pop()) {
        case Expression.Sequence sequence -> open.addAll(sequence.parts());
        case Expression.Choice choice -> open.addAll(choice.alternatives());
        case Expression.Repeat repeat -> {
          open.add(repeat.item());
          Map<String, Expression> rules = new HashMap<>(grammar.rules());
          rules.put("item of a repetition", repeat.item());
          assertThat(new GrammarOracle(new Grammar(rules, "item of a repetition")).isWord("")).isFalse();
          count++;
        }
        default -> { }
      }
    }
    return count;
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
