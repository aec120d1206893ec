package io.github.llava4j.constraint;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

import io.github.llava4j.ConstraintException;
import io.github.llava4j.constraint.automaton.Matcher;
import io.github.llava4j.constraint.grammar.Grammar;
import io.github.llava4j.constraint.grammar.GrammarOracle;
import io.github.llava4j.constraint.token.TokenTable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Masks against a slow reference that follows the grammar itself: for random grammars and vocabularies a token may follow
 * exactly if the text with its bytes begins some word of the grammar. This finds what is allowed wrongly and what is
 * forbidden wrongly alike. {@code -Dllava4j.test.differential=10000} for more cases than the build runs.
 */
class DifferentialTest {

  private static final int CASES = Integer.getInteger("llava4j.test.differential", 600);
  private final Random random = new Random(20261128);
  private final RandomGrammars grammars = new RandomGrammars(random);

  @Test
  void agreesWithTheGrammarItself() {
    int compared = 0;
    int refused = 0;
    while (compared < CASES) {
      Grammar grammar = grammars.grammar();
      TokenTable tokens = grammars.tokens();
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
}
