package io.github.llava4j.constraint;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import io.github.llava4j.ConstraintException;
import io.github.llava4j.constraint.automaton.Matcher;
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
import io.github.llava4j.constraint.grammar.GrammarOracle;
import io.github.llava4j.constraint.regular.Language;
import io.github.llava4j.constraint.token.TokenTable;
import io.github.llava4j.text.TestVocabularies;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Masks against a slow reference that follows the grammar itself: for random grammars and vocabularies a token may follow
 * exactly if the text with its bytes begins some word of the grammar. This finds what is allowed wrongly and what is
 * forbidden wrongly alike. {@code -Dllava4j.test.differential=10000} for more cases than the build runs.
 */
class DifferentialTest {

  private static final int CASES = Integer.getInteger("llava4j.test.differential", 600);
  private static final String[] CHARACTERS = {"a", "b", "a", "b", "0", " ", "\"", "\\", "\n", ",", "é", "中", "😀", "\u0001"};

  private final Random random = new Random(20261128);

  @org.junit.jupiter.api.Test
  void agreesWithTheGrammarItself() {
    int compared = 0;
    int refused = 0;
    while (compared < CASES) {
      Map<String, Expression> rules = new HashMap<>();
      rules.put("root", expression(3));
      rules.put("r1", expression(2));
      rules.put("r2", Choice.of(text(), Sequence.of(text(), new Call("r2")), Sequence.of(text(), new Call("r2"), text())));
      Grammar grammar = new Grammar(rules, "root");
      TokenTable tokens = TokenTable.of(TestVocabularies.of(pieces()), Set.of(TestVocabularies.END));
      Constraint constraint;
      try {
        constraint = Constraint.of(grammar, tokens);
      } catch (ConstraintException e) {
        refused++;
        assertThat(refused).as("most random grammars are right; the last said: " + e.getMessage()).isLessThan(CASES + 50);
        continue;
      }
      compared += follow(grammar, constraint, tokens);
    }
  }

  /** Follows one random answer to its end, or for a while; returns how many places were compared. */
  private int follow(Grammar grammar, Constraint constraint, TokenTable tokens) {
    GrammarOracle oracle = new GrammarOracle(grammar);
    Matcher matcher = constraint.start();
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (int place = 0; place < 4; place++) {
      List<Integer> allowed = compare(grammar, oracle, matcher, tokens, text.toByteArray());
      if (allowed.isEmpty()) {
        return place + 1;
      }
      // Rather long tokens: the single bytes are most of a small vocabulary.
      int token = allowed.get(random.nextInt(allowed.size()));
      int other = allowed.get(random.nextInt(allowed.size()));
      token = tokens.bytes(token).length < tokens.bytes(other).length ? other : token;
      matcher.accept(token);
      text.writeBytes(tokens.bytes(token));
    }
    return 4;
  }

  private List<Integer> compare(
      Grammar grammar, GrammarOracle oracle, Matcher matcher, TokenTable tokens, byte[] before) {
    List<Integer> allowed = new ArrayList<>();
    long[] mask = matcher.mask();
    int least = matcher.leastTokens();
    boolean shrinks = false;
    for (int token = 0; token < tokens.size(); token++) {
      boolean bit = (mask[token >> 6] >>> token & 1) != 0;
      if (tokens.isEnd(token)) {
        assertThat(bit).as("end").isEqualTo(isWord(oracle, before));
        continue;
      }
      byte[] bytes = tokens.bytes(token);
      boolean expected = bytes != null && isPrefix(oracle, before, bytes);
      if (bit != expected || matcher.allows(token, Integer.MAX_VALUE) != expected) {
        throw new AssertionError("token " + HexFormat.of().formatHex(bytes) + " behind "
            + HexFormat.of().formatHex(before) + " (" + new String(before, StandardCharsets.UTF_8) + ") is "
            + (expected ? "right" : "wrong") + ", mask says " + bit + ", test says "
            + matcher.allows(token, Integer.MAX_VALUE) + "\n" + grammar);
      }
      if (expected) {
        allowed.add(token);
        shrinks |= matcher.allows(token, least);
      }
    }
    assertThat(matcher.isAccepting()).isEqualTo(isWord(oracle, before));
    assertThat(matcher.isFinished()).isEqualTo(allowed.isEmpty());
    if (matcher.isAccepting()) {
      assertThat(least).isZero();
    } else {
      assertThat(shrinks).as("some token brings the end nearer: " + least + " behind "
          + HexFormat.of().formatHex(before) + "\n" + grammar).isTrue();
    }
    return allowed;
  }

  private static boolean isPrefix(GrammarOracle oracle, byte[] before, byte[] more) {
    byte[] all = Arrays.copyOf(before, before.length + more.length);
    System.arraycopy(more, 0, all, before.length, more.length);
    return oracle.isPrefix(withoutSpace(all));
  }

  private static boolean isWord(GrammarOracle oracle, byte[] before) {
    String text = new String(withoutSpace(before), StandardCharsets.UTF_8);
    return Arrays.equals(text.getBytes(StandardCharsets.UTF_8), withoutSpace(before)) && oracle.isWord(text);
  }

  private static byte[] withoutSpace(byte[] text) {
    return text.length > 0 && text[0] == ' ' ? Arrays.copyOfRange(text, 1, text.length) : text;
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
      case 6 -> new Call("r1".repeat(1));
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
