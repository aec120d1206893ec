package io.github.llava4j.constraint.gbnf;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

import io.github.llava4j.constraint.grammar.Expression;
import io.github.llava4j.constraint.grammar.Grammar;
import io.github.llava4j.constraint.regular.Language;

/** Says slowly whether a text is a word of a compiled grammar: of a place in the text it finds all places behind a match. */
final class Words {

  private record At(String rule, int place) {}

  private final Grammar grammar;
  private final int[] text;
  private final Map<At, BitSet> calls = new HashMap<>();

  private Words(Grammar grammar, String text) {
    this.grammar = grammar;
    this.text = text.codePoints().toArray();
  }

  static boolean has(Grammar grammar, String text) {
    Words words = new Words(grammar, text);
    return words.call(grammar.root(), 0).get(words.text.length);
  }

  private BitSet call(String rule, int from) {
    At at = new At(rule, from);
    BitSet known = calls.get(at);
    if (known == null) {
      known = ends(grammar.rules().get(rule), from);
      calls.put(at, known);
    }
    return known;
  }

  private BitSet ends(Expression expression, int from) {
    return switch (expression) {
      case Expression.Literal literal -> {
        int[] wanted = literal.text().codePoints().toArray();
        int to = from + wanted.length;
        boolean same = to <= text.length && java.util.Arrays.equals(text, from, to, wanted, 0, wanted.length);
        yield same ? only(to) : new BitSet();
      }
      case Expression.Terminal terminal -> terminal(terminal, from);
      case Expression.Sequence sequence -> {
        BitSet places = only(from);
        for (Expression part : sequence.parts()) {
          places = after(part, places);
        }
        yield places;
      }
      case Expression.Choice choice -> {
        BitSet all = new BitSet();
        choice.alternatives().forEach(part -> all.or(ends(part, from)));
        yield all;
      }
      case Expression.Repeat repeat -> {
        BitSet all = new BitSet();
        BitSet places = only(from);
        for (int count = 0; count <= repeat.max() && !places.isEmpty(); count++) {
          if (count >= repeat.min()) {
            all.or(places);
          }
          BitSet next = after(repeat.item(), places);
          if (next.nextSetBit(0) == places.nextSetBit(0) && !places.isEmpty()) {
            throw new AssertionError("an item of a repetition may be empty: " + repeat.item());
          }
          places = next;
        }
        yield all;
      }
      case Expression.Call call -> call(call.rule(), from);
      default -> throw new AssertionError("not made of GBNF: " + expression);
    };
  }

  private BitSet terminal(Expression.Terminal terminal, int from) {
    BitSet all = new BitSet();
    Language language = terminal.language();
    int state = language.start();
    for (int place = from; state >= 0; place++) {
      int length = place - from;
      if (language.accepting(state) && length >= terminal.minLength() && length <= terminal.maxLength()) {
        all.set(place);
      }
      state = place < text.length ? next(language, state, text[place]) : -1;
    }
    return all;
  }

  private static int next(Language language, int state, int character) {
    for (int i = 0; i < language.rangeCount(state); i++) {
      if (character >= language.rangeFrom(state, i) && character <= language.rangeTo(state, i)) {
        return language.target(state, i);
      }
    }
    return -1;
  }

  private BitSet after(Expression part, BitSet places) {
    BitSet all = new BitSet();
    places.stream().forEach(place -> all.or(ends(part, place)));
    return all;
  }

  private static BitSet only(int place) {
    BitSet set = new BitSet();
    set.set(place);
    return set;
  }
}
