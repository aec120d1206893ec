package io.github.llava4j.constraint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import io.github.llava4j.constraint.grammar.Expression;
import io.github.llava4j.constraint.grammar.Expression.Call;
import io.github.llava4j.constraint.grammar.Expression.Choice;
import io.github.llava4j.constraint.grammar.Expression.Encoding;
import io.github.llava4j.constraint.grammar.Expression.Literal;
import io.github.llava4j.constraint.grammar.Expression.Mark;
import io.github.llava4j.constraint.grammar.Expression.Repeat;
import io.github.llava4j.constraint.grammar.Expression.Scope;
import io.github.llava4j.constraint.grammar.Expression.Sequence;
import io.github.llava4j.constraint.grammar.Expression.Terminal;
import io.github.llava4j.constraint.grammar.Expression.Test;
import io.github.llava4j.constraint.grammar.Expression.Tick;
import io.github.llava4j.constraint.grammar.Grammar;
import io.github.llava4j.constraint.regular.Language;
import io.github.llava4j.constraint.token.TokenTable;
import io.github.llava4j.text.TestVocabularies;

/** Grammars and vocabularies by chance, over few characters, so that they meet often. */
final class RandomGrammars {

  private static final String[] CHARACTERS = {"a", "b", "a", "b", "0", " ", "\"", "\\", "\n", ",", "é", "中", "😀", "\u0001"};

  private final Random random;

  RandomGrammars(Random random) {
    this.random = random;
  }

  /** A grammar, which may be wrong: left recursion, or nothing that ends. */
  Grammar grammar() {
    Map<String, Expression> rules = new HashMap<>();
    rules.put("root", expression(3));
    rules.put("r1", expression(2));
    rules.put("r2", Choice.of(text(), Sequence.of(text(), new Call("r2")), Sequence.of(text(), new Call("r2"), text())));
    return new Grammar(rules, "root");
  }

  /** A vocabulary of every byte and some words. */
  TokenTable tokens() {
    return TokenTable.of(TestVocabularies.of(pieces()), Set.of(TestVocabularies.END));
  }

  private List<String> pieces() {
    Set<String> pieces = new LinkedHashSet<>();
    int count = 5 + random.nextInt(40);
    while (pieces.size() < count) {
      pieces.add(word(1 + random.nextInt(6)).replace(' ', '\u2581'));
    }
    return List.copyOf(pieces);
  }

  private String word(int length) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < length; i++) {
      word.append(CHARACTERS[random.nextInt(CHARACTERS.length)]);
    }
    return word.toString();
  }

  private Literal text() {
    return new Literal(word(1 + random.nextInt(4)));
  }

  private Language language(int depth) {
    return switch (random.nextInt(depth <= 0 ? 4 : 8)) {
      case 0 -> Language.of(word(1 + random.nextInt(3)));
      case 1 -> Language.range('a', 'b');
      case 2 -> Language.range('é', '中');
      case 3 -> Language.ofAll(List.of(word(1), word(2), word(3)));
      case 4 -> Language.concat(language(depth - 1), language(depth - 1));
      case 5 -> Language.union(language(depth - 1), language(depth - 1));
      case 6 -> language(depth - 1).repeat(random.nextInt(3), random.nextBoolean() ? Integer.MAX_VALUE : 2 + random.nextInt(20));
      default -> random.nextInt(3) == 0 ? Language.any().minus(language(depth - 1)) : language(depth - 1).optional();
    };
  }

  private Terminal terminal() {
    Encoding encoding = random.nextInt(3) > 0 ? Encoding.JSON_STRING : Encoding.RAW;
    int most = random.nextInt(3) == 0 ? random.nextInt(40) : Integer.MAX_VALUE;
    if (random.nextBoolean()) {
      return new Terminal(Language.any(), encoding, random.nextInt(3) == 0 ? random.nextInt(20) : 0, most);
    }
    Language language = language(2);
    return new Terminal(language, encoding, 0, language.isNone() ? most : Math.max(most, language.shortestLength()));
  }

  private Expression expression(int depth) {
    return switch (random.nextInt(depth <= 0 ? 2 : 10)) {
      case 0 -> text();
      case 1 -> terminal();
      case 2 -> Sequence.of(expression(depth - 1), expression(depth - 1));
      case 3 -> Choice.of(expression(depth - 1), expression(depth - 1));
      case 4 -> Choice.of(expression(depth - 1), Expression.EMPTY);
      case 5 -> {
        int min = random.nextInt(4);
        int max = random.nextInt(3) == 0 ? Integer.MAX_VALUE : min + random.nextInt(random.nextBoolean() ? 3 : 60);
        yield new Repeat(Sequence.of(text(), expression(depth - 1)), random.nextBoolean() ? text() : Expression.EMPTY, min, max);
      }
      case 6 -> new Call("r1");
      case 7 -> Sequence.of(new Call("r2"), expression(depth - 1));
      case 8 -> counted(depth - 1);
      default -> unique();
    };
  }

  /** Like an object: members in order, each of which may be left out as long as enough follow, at most so many. */
  private Expression counted(int depth) {
    int members = 2 + random.nextInt(3);
    int least = random.nextInt(members);
    int most = Math.max(least, 1 + random.nextInt(members));
    Expression rest = Sequence.of(new Test(least, most, 0, 0), new Literal("}"));
    for (int i = members; i > 0; i--) {
      Expression taken = Sequence.of(new Test(0, most - 1, 0, 0), text(), expression(Math.min(depth, 1)), new Tick());
      Expression skipped = new Test(Math.max(0, least - (members - i)), Integer.MAX_VALUE, 0, 0);
      rest = Sequence.of(Choice.of(taken, skipped), rest);
    }
    return new Scope(Sequence.of(new Literal("{"), rest));
  }

  /** Some of three words, each at most once. */
  private Expression unique() {
    List<Expression> words = new ArrayList<>();
    for (int bit = 0; bit < 3; bit++) {
      words.add(Sequence.of(new Test(0, Integer.MAX_VALUE, 0, 1L << bit), text(), new Mark(bit)));
    }
    return new Scope(new Expression.Loop(new Choice(words), new Literal(","), random.nextInt(3), 3));
  }
}
