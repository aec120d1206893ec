package io.github.llava4j.constraint;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

import io.github.llava4j.ConstraintException;
import io.github.llava4j.constraint.automaton.Matcher;
import io.github.llava4j.constraint.automaton.Matcher.Piece;
import io.github.llava4j.constraint.grammar.Expression;
import io.github.llava4j.constraint.grammar.Expression.Call;
import io.github.llava4j.constraint.grammar.Expression.Choice;
import io.github.llava4j.constraint.grammar.Expression.Encoding;
import io.github.llava4j.constraint.grammar.Expression.Literal;
import io.github.llava4j.constraint.grammar.Expression.Repeat;
import io.github.llava4j.constraint.grammar.Expression.Sequence;
import io.github.llava4j.constraint.grammar.Expression.Terminal;
import io.github.llava4j.constraint.grammar.Grammar;
import io.github.llava4j.constraint.regular.Language;
import io.github.llava4j.constraint.token.TokenTable;
import io.github.llava4j.text.TestVocabularies;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ConstraintTest {

  /** Ids 0 to 2 are special, the byte b is 3 + b, then these. */
  private static final List<String> PIECES =
      List.of("\u2581yes", "yes", "no", "{\"", "\":", "\",\"", "中", "文字", "ab", "Action:", "\u2581answer\n", "answer");
  private static final TokenTable TOKENS = TokenTable.of(TestVocabularies.of(PIECES), Set.of(TestVocabularies.END));

  private static int piece(String text) {
    return 3 + 256 + PIECES.indexOf(text);
  }

  private static int[] bytes(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return IntStream.range(0, bytes.length).map(i -> 3 + (bytes[i] & 0xFF)).toArray();
  }

  private static Matcher start(Expression root) {
    return Constraint.of(new Grammar(Map.of("root", root), "root"), TOKENS).start();
  }

  private static List<Piece> accept(Matcher matcher, int... tokens) {
    List<Piece> pieces = new ArrayList<>();
    for (int token : tokens) {
      assertThat(matcher.allows(token, 1_000)).as("token %d", token).isTrue();
      pieces.addAll(matcher.accept(token));
    }
    return pieces;
  }

  private static String text(List<Piece> pieces) {
    StringBuilder text = new StringBuilder();
    for (Piece piece : pieces) {
      if (piece instanceof Piece.Text(String part)) {
        text.append(part);
      }
    }
    return text.toString();
  }

  @Test
  void oneSpaceAtTheBeginningIsNoPartOfTheText() {
    Expression answer = Choice.of(new Literal("yes"), new Literal("no"));
    Matcher spaced = start(answer);
    assertThat(text(accept(spaced, piece("\u2581yes")))).isEqualTo("yes");
    assertThat(spaced.isFinished()).isTrue();
    assertThat(text(accept(start(answer), piece("yes")))).isEqualTo("yes");
    Matcher twice = start(answer);
    accept(twice, bytes(" "));
    assertThat(twice.allows(bytes(" ")[0], 9)).isFalse();
  }

  @Test
  void specialTokensNeverFollowAndTheEndOnlyWhereTheTextMayEnd() {
    Matcher matcher = start(new Repeat(new Literal("ab"), Expression.EMPTY, 1, Integer.MAX_VALUE));
    assertThat(List.of(0, 1, TestVocabularies.END)).noneMatch(token -> matcher.allows(token, 9));
    accept(matcher, piece("ab"));
    assertThat(matcher.allows(TestVocabularies.END, 9)).isTrue();
    assertThat(matcher.isFinished()).isFalse();
    assertThat(matcher.allows(TOKENS.size() + 7, 9)).as("rows of the embedding table without a token").isFalse();
  }

  @Test
  void charactersOfSeveralBytesAreOneCharacter() {
    Matcher matcher = start(new Terminal(Language.any(), Encoding.JSON_STRING, 0, 1));
    assertThat(text(accept(matcher, bytes("\"😀")))).isEqualTo("\"😀");
    assertThat(matcher.allows(bytes("a")[0], 9)).isFalse();
    assertThat(matcher.allows(piece("中"), 9)).isFalse();
    accept(matcher, bytes("\""));
    assertThat(matcher.isFinished()).isTrue();
  }

  @Test
  void textComesInWholeCharacters() {
    Matcher matcher = start(new Terminal(Language.any(), Encoding.JSON_STRING, 0, Integer.MAX_VALUE));
    int[] emoji = bytes("😀");
    accept(matcher, bytes("\""));
    assertThat(accept(matcher, emoji[0], emoji[1], emoji[2])).isEmpty();
    assertThat(accept(matcher, emoji[3])).containsExactly(new Piece.Text("😀"));
    assertThat(matcher.allows(emoji[1], 9)).as("a byte that begins no character").isFalse();
  }

  @Test
  void otherScriptsInValuesAndKeys() {
    Expression object = Sequence.of(new Literal("{\"名\":"),
        Terminal.jsonString(Language.ofAll(List.of("中文", "中文字"))), new Literal("}"));
    Matcher matcher = start(object);
    accept(matcher, bytes("{\"名\":\""));
    accept(matcher, piece("中"), piece("文字"));
    assertThat(text(accept(matcher, bytes("\"}")))).isEqualTo("\"}");
    assertThat(matcher.isFinished()).isTrue();
  }

  @Test
  void signalsStandBetweenTheTextsTheyStandBetween() {
    Matcher matcher = start(Sequence.of(new Literal("Action:"),
        Choice.of(
            Sequence.of(new Literal(" answer\n"), new Expression.Signal(7), new Literal("ab")),
            Sequence.of(new Literal(" add\n"), new Expression.Signal(8), new Literal("b")))));
    assertThat(accept(matcher, piece("Action:"))).containsExactly(new Piece.Text("Action:"));
    assertThat(accept(matcher, piece("\u2581answer\n")))
        .containsExactly(new Piece.Text(" answer\n"), new Piece.Reached(7));
    assertThat(accept(matcher, piece("ab"))).containsExactly(new Piece.Text("ab"));
  }

  @Test
  void aSignalWaitsUntilItIsCertain() {
    Matcher matcher = start(Choice.of(
        Sequence.of(new Expression.Signal(1), new Literal("aab")),
        Sequence.of(new Expression.Signal(2), new Literal("aac"))));
    assertThat(accept(matcher, bytes("aa"))).containsExactly(new Piece.Text("a"), new Piece.Text("a"));
    assertThat(accept(matcher, bytes("c"))).containsExactly(new Piece.Reached(2), new Piece.Text("c"));
  }

  @Test
  void behindTheRestEverythingMayFollow() {
    Matcher matcher = start(Sequence.of(new Literal("no"), new Expression.Rest()));
    assertThat(matcher.isFree()).isFalse();
    accept(matcher, piece("no"));
    assertThat(matcher.isFree()).isTrue();
    assertThat(matcher.leastTokens()).isZero();
  }

  @Test
  void aTextLimitOfAHundredThousandCostsAsManyStatesAsNone() {
    int[] states = new int[2];
    for (int limited = 0; limited < 2; limited++) {
      Constraint constraint = Constraint.of(new Grammar(Map.of("root", new Terminal(
          Language.any(), Encoding.JSON_STRING, 0, limited == 1 ? 100_000 : Integer.MAX_VALUE)), "root"), TOKENS);
      Matcher matcher = constraint.start();
      accept(matcher, bytes("\""));
      for (int i = 0; i < 5_000; i++) {
        accept(matcher, piece("ab"));
        matcher.mask();
      }
      states[limited] = constraint.states();
    }
    assertThat(states[1]).isEqualTo(states[0]);
  }

  @Test
  void deepAnswersAreOnlyClosed() {
    Expression list = Sequence.of(new Literal("["), Choice.of(new Call("root"), Expression.EMPTY), new Literal("]"));
    Matcher matcher = start(list);
    int depth = 0;
    while (matcher.allows(bytes("[")[0], 100_000)) {
      matcher.accept(bytes("[")[0]);
      depth++;
      assertThat(depth).isLessThan(1_000);
    }
    assertThat(depth).isGreaterThan(64);
    accept(matcher, bytes("]".repeat(depth)));
    assertThat(matcher.isFinished()).isTrue();
  }

  @Test
  void grammarsThatCannotWorkAreRefused() {
    assertThatThrownBy(() -> start(Sequence.of(new Call("root"), new Literal("a"))))
        .isInstanceOf(ConstraintException.class).hasMessageContaining("root").hasMessageContaining("left recursion");
    assertThatThrownBy(() -> start(Sequence.of(new Literal("a"), new Call("root"))))
        .isInstanceOf(ConstraintException.class).hasMessageContaining("no text that ends");
    assertThatThrownBy(() -> start(new Call("missing")))
        .isInstanceOf(ConstraintException.class).hasMessageContaining("missing");
    assertThatThrownBy(() -> start(new Repeat(Choice.of(new Literal("a"), Expression.EMPTY), Expression.EMPTY, 0, 9)))
        .isInstanceOf(ConstraintException.class).hasMessageContaining("empty");
    assertThatThrownBy(() -> start(Terminal.raw(Language.none()))).isInstanceOf(ConstraintException.class);
    Expression nested = new Literal("a");
    for (int i = 0; i < 5_000; i++) {
      nested = Sequence.of(nested, new Literal("b"));
    }
    Expression deep = nested;
    assertThatThrownBy(() -> start(deep)).isInstanceOf(ConstraintException.class).hasMessageContaining("nested");
  }

  @Test
  void alternativesThatNeverEndAreNotBegun() {
    Grammar grammar = new Grammar(Map.of(
        "root", Choice.of(new Literal("no"), Sequence.of(new Literal("yes"), new Call("loop"))),
        "loop", Sequence.of(new Literal("a"), new Call("loop"))), "root");
    Matcher matcher = Constraint.of(grammar, TOKENS).start();
    assertThat(matcher.allows(piece("no"), 9)).isTrue();
    assertThat(matcher.allows(piece("yes"), 9)).isFalse();
  }
}
