package io.github.llava4j.constraint;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

import io.github.llava4j.ConstraintException;
import io.github.llava4j.constraint.automaton.Matcher;
import io.github.llava4j.constraint.grammar.Grammar;
import io.github.llava4j.constraint.grammar.GrammarOracle;
import io.github.llava4j.constraint.token.TokenTable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Answers by chance, with as few tokens as a grammar needs and up to twenty more: each ends in time, as a word of it. */
class BudgetTest {

  private static final int CASES = Integer.getInteger("llava4j.test.budgets", 1_500);

  private final Random random = new Random(11);

  @Test
  void everyAnswerEndsInTime() {
    RandomGrammars grammars = new RandomGrammars(random);
    int answered = 0;
    while (answered < CASES) {
      Grammar grammar = grammars.grammar();
      TokenTable tokens = grammars.tokens();
      Constraint constraint;
      try {
        constraint = Constraint.of(grammar, tokens);
      } catch (ConstraintException e) {
        continue;
      }
      for (int more = 0; more <= 20; more += 1 + random.nextInt(10)) {
        answer(grammar, constraint, tokens, constraint.leastTokens() + more);
        answered++;
      }
    }
  }

  private void answer(Grammar grammar, Constraint constraint, TokenTable tokens, int budget) {
    Matcher matcher = constraint.start();
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    int left = budget;
    while (left > 0 && !matcher.isFinished()) {
      int token = choose(matcher, tokens, left);
      if (token < 0) {
        assertThat(matcher.isAccepting()).as("a place that nothing leads on from is an end").isTrue();
        break;
      }
      matcher.accept(token);
      text.writeBytes(tokens.bytes(token));
      left--;
    }
    byte[] bytes = text.toByteArray();
    byte[] word = bytes.length > 0 && bytes[0] == ' ' ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    assertThat(new GrammarOracle(grammar).isWord(new String(word, StandardCharsets.UTF_8)))
        .as(new String(word, StandardCharsets.UTF_8) + " with " + budget + " tokens of " + grammar).isTrue();
    assertThat(matcher.isAccepting()).isTrue();
  }

  /** Any token that is allowed, or -1. */
  private int choose(Matcher matcher, TokenTable tokens, int left) {
    int start = random.nextInt(tokens.size());
    for (int i = 0; i < tokens.size(); i++) {
      int token = (start + i) % tokens.size();
      if (!tokens.isEnd(token) && matcher.allows(token, left)) {
        return token;
      }
    }
    return -1;
  }
}
