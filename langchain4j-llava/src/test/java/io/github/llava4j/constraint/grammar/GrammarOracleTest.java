package io.github.llava4j.constraint.grammar;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.github.llava4j.constraint.regular.Language;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class GrammarOracleTest {

  private static final int NO_LIMIT = Integer.MAX_VALUE;

  private static GrammarOracle oracle(Expression root) {
    return new GrammarOracle(new Grammar(Map.of("root", root), "root"));
  }

  private static Expression literal(String text) {
    return new Expression.Literal(text);
  }

  @Test
  void literalsSequencesAndChoices() {
    GrammarOracle oracle =
        oracle(
            Expression.Sequence.of(
                literal("a"), Expression.Choice.of(literal("bc"), literal("b"), Expression.EMPTY), literal("d")));

    assertThat(List.of("abcd", "abd", "ad")).allMatch(oracle::isWord);
    assertThat(List.of("", "a", "ab", "abc")).allMatch(oracle::isPrefix).noneMatch(oracle::isWord);
    assertThat(List.of("b", "ac", "abdd", "abcdd")).noneMatch(oracle::isPrefix);
  }

  @Test
  void stringsHaveOneSpelling() {
    GrammarOracle oracle = oracle(Expression.Terminal.jsonString(Language.any()));

    assertThat(List.of("\"\"", "\"ä😀\"", "\"\\n\\\"\\\\\"", "\"\\u0000\\u001f\"", "\"\u007f/\"")).allMatch(oracle::isWord);
    assertThat(List.of("\"\\u000", "\"\\u00", "\"\\", "\"\\u001")).allMatch(oracle::isPrefix).noneMatch(oracle::isWord);
    assertThat(List.of("\"\n", "\"\\/", "\"\\u0041", "\"\\u000a", "\"\\u001F", "\"\\x", "a")).noneMatch(oracle::isPrefix);
  }

  @Test
  void lengthsCountCodePointsAndLeaveAWayToTheEnd() {
    GrammarOracle any =
        oracle(new Expression.Terminal(Language.any(), Expression.Encoding.JSON_STRING, 2, 3));
    assertThat(any.isWord("\"😀\\n\"")).isTrue();
    assertThat(any.isWord("\"😀\"")).isFalse();
    assertThat(any.isPrefix("\"abcd")).isFalse();

    Language even = Language.of("ab").repeat(0, NO_LIMIT);
    GrammarOracle limited = oracle(new Expression.Terminal(even, Expression.Encoding.JSON_STRING, 0, 3));
    assertThat(limited.isWord("\"ab\"")).isTrue();
    assertThat(limited.isPrefix("\"aba")).isFalse();
  }

  @Test
  void rawTerminalsMayEndAndGoOn() {
    GrammarOracle oracle =
        oracle(
            Expression.Sequence.of(
                Expression.Terminal.raw(Language.range('0', '9').repeat(1, NO_LIMIT)), literal("0!")));

    assertThat(oracle.isWord("100!")).isTrue();
    assertThat(oracle.isWord("0!")).isFalse();
    assertThat(oracle.isPrefix("100")).isTrue();
  }

  @Test
  void repetitionsCount() {
    GrammarOracle oracle = oracle(new Expression.Repeat(literal("x"), literal(","), 2, 3));

    assertThat(List.of("x,x", "x,x,x")).allMatch(oracle::isWord);
    assertThat(List.of("x", "x,x,x,", "x,,x")).noneMatch(oracle::isWord);
    assertThat(oracle.isPrefix("x,x,x,")).isFalse();
    assertThat(oracle(new Expression.Repeat(literal("x"), Expression.EMPTY, 0, NO_LIMIT)).isWord("xxxxx")).isTrue();
    assertThat(oracle(new Expression.Repeat(literal("x"), literal(","), 0, 1)).isWord("")).isTrue();
  }

  @Test
  void rulesCallThemselves() {
    Grammar grammar =
        new Grammar(
            Map.of(
                "root",
                Expression.Choice.of(
                    literal("x"), Expression.Sequence.of(literal("("), new Expression.Call("root"), literal(")")))),
            "root");
    GrammarOracle oracle = new GrammarOracle(grammar);

    assertThat(oracle.isWord("((x))")).isTrue();
    assertThat(oracle.isPrefix("((x)")).isTrue();
    assertThat(oracle.isPrefix("((x)))")).isFalse();
    String deep = "(".repeat(5_000);
    assertThat(oracle.isPrefix(deep)).isTrue();
  }

  @Test
  void scopesCountAndMarkThroughTailCalls() {
    Expression item =
        Expression.Choice.of(
            Expression.Sequence.of(new Expression.Test(0, NO_LIMIT, 0, 1), literal("a"), new Expression.Mark(0)),
            Expression.Sequence.of(new Expression.Test(0, NO_LIMIT, 0, 2), literal("b"), new Expression.Mark(1)));
    Expression more =
        Expression.Choice.of(
            Expression.Sequence.of(
                new Expression.Test(0, 1, 0, 0), item, new Expression.Tick(), new Expression.Call("more")),
            Expression.Sequence.of(new Expression.Test(1, NO_LIMIT, 0, 0), literal("]")));
    GrammarOracle oracle =
        new GrammarOracle(
            new Grammar(
                Map.of(
                    "root",
                    Expression.Sequence.of(
                        new Expression.Scope(Expression.Sequence.of(literal("["), new Expression.Call("more"))),
                        literal("!")),
                    "more",
                    more),
                "root"));

    assertThat(List.of("[a]!", "[b]!", "[ab]!", "[ba]!")).allMatch(oracle::isWord);
    assertThat(List.of("[]", "[aa", "[bb", "[aba")).noneMatch(oracle::isPrefix);
  }

  @Test
  void loopsGoOnWithTheirScopesCount() {
    Expression loop = new Expression.Loop(literal("x"), literal(","), 2, 3);
    GrammarOracle oracle =
        oracle(
            new Expression.Scope(
                Expression.Sequence.of(
                    Expression.Choice.of(
                        Expression.Sequence.of(literal("y"), new Expression.Tick()), Expression.EMPTY),
                    loop)));

    assertThat(List.of("y,x", "y,x,x", "x,x", "x,x,x")).allMatch(oracle::isWord);
    assertThat(List.of("y", "yx", "y,x,x,x", "x", "x,x,x,x")).noneMatch(oracle::isWord);
  }

  @Test
  void aTestWithNoScopeIsAMistake() {
    assertThatThrownBy(() -> oracle(new Expression.Tick())).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void bytesMayEndWithinACharacter() {
    GrammarOracle oracle = oracle(Expression.Terminal.raw(Language.range(0x4e00, 0x9fff).repeat(1, 2)));
    byte[] word = "中文".getBytes(StandardCharsets.UTF_8);

    for (int i = 0; i <= word.length; i++) {
      assertThat(oracle.isPrefix(Arrays.copyOf(word, i))).isTrue();
    }
    assertThat(oracle.isPrefix(new byte[] {(byte) 0xc3})).isFalse();
    assertThat(oracle.isPrefix(new byte[] {(byte) 0xe3, (byte) 0x81})).isFalse();
    assertThat(oracle.isPrefix(new byte[] {(byte) 0x80})).isFalse();
    GrammarOracle emoji = oracle(literal("😀"));
    assertThat(emoji.isPrefix(new byte[] {(byte) 0xf0, (byte) 0x9f})).isTrue();
    assertThat(emoji.isPrefix(new byte[] {(byte) 0xf0, (byte) 0x9e})).isFalse();
  }

  @Test
  void restIsFree() {
    GrammarOracle oracle = oracle(Expression.Sequence.of(literal("go:"), new Expression.Rest()));

    assertThat(oracle.isWord("go:")).isTrue();
    assertThat(oracle.isWord("go: anything\n")).isTrue();
    assertThat(oracle.isPrefix("go")).isTrue();
    assertThat(oracle.isWord("go")).isFalse();
  }

  @Test
  void whatCannotEndIsNoPrefix() {
    Grammar grammar =
        new Grammar(
            Map.of(
                "root",
                Expression.Choice.of(literal("ok"), Expression.Sequence.of(literal("on"), new Expression.Call("on"))),
                "on",
                Expression.Sequence.of(literal("on"), new Expression.Call("on"))),
            "root");

    assertThat(new GrammarOracle(grammar).isPrefix("o")).isTrue();
    assertThat(new GrammarOracle(grammar).isPrefix("on")).isFalse();
  }

  @Test
  void randomWordsAreWords() {
    Expression value = new Expression.Call("value");
    Grammar grammar =
        new Grammar(
            Map.of(
                "root",
                value,
                "value",
                Expression.Choice.of(
                    new Expression.Terminal(Language.any(), Expression.Encoding.JSON_STRING, 1, 5),
                    literal("null"),
                    Expression.Sequence.of(literal("["), new Expression.Repeat(value, literal(","), 1, 3), literal("]")))),
            "root");
    GrammarOracle oracle = new GrammarOracle(grammar);
    GrammarSampler sampler = new GrammarSampler(oracle, new Random(1));

    for (int i = 0; i < 200; i++) {
      String word = sampler.word(i);
      assertThat(oracle.isWord(word)).as(word).isTrue();
    }
  }
}
