package io.github.llava4j.constraint;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import io.github.llava4j.constraint.automaton.Matcher;
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
import io.github.llava4j.text.LlamaVocabulary;
import io.github.llava4j.text.Vocabulary;

/** Measures masks. Not a test. */
public final class MaskBench {

  public static void main(String[] args) throws Exception {
    Vocabulary vocabulary = LlamaVocabulary.read(Path.of(args[0]));
    for (int round = 0; round < 5; round++) {
      long start = System.nanoTime();
      TokenTable tokens = TokenTable.of(vocabulary, Set.of(2));
      System.out.printf("table %.1f ms, %d nodes, others %d, longest %d%n", (System.nanoTime() - start) / 1e6,
          tokens.all().size(), tokens.others().size(), tokens.longest());
      Expression ws = Choice.of(Expression.EMPTY, new Literal(" "));
      Expression string = new Terminal(Language.any(), Encoding.JSON_STRING, 0, Integer.MAX_VALUE);
      Grammar grammar = new Grammar(Map.of(
          "root", new Call("value"),
          "value", Choice.of(new Call("object"), new Call("array"), string, new Literal("true"), new Literal("false"), new Literal("null"),
              Terminal.raw(Language.concat(Language.of("-").optional(), Language.range('1', '9'), Language.range('0', '9').repeat(0, 16)))),
          "object", Sequence.of(new Literal("{"), ws, new Repeat(Sequence.of(string, new Literal(":"), ws, new Call("value")), Sequence.of(new Literal(","), ws), 0, Integer.MAX_VALUE), ws, new Literal("}")),
          "array", Sequence.of(new Literal("["), ws, new Repeat(new Call("value"), Sequence.of(new Literal(","), ws), 0, Integer.MAX_VALUE), ws, new Literal("]"))),
          "root");
      start = System.nanoTime();
      Constraint constraint = Constraint.of(grammar, tokens);
      System.out.printf("compile %.2f ms%n", (System.nanoTime() - start) / 1e6);
      Random random = new Random(1);
      long[] masks = new long[20_000];
      long[] commits = new long[20_000];
      int n = 0;
      while (n < masks.length) {
        Matcher matcher = constraint.start();
        for (int i = 0; i < 200 && n < masks.length && !matcher.isFinished(); i++) {
          long t0 = System.nanoTime();
          long[] mask = matcher.mask();
          long t1 = System.nanoTime();
          int token = pick(mask, random, tokens);
          if (token < 0) {
            break;
          }
          long t2 = System.nanoTime();
          matcher.accept(token);
          long t3 = System.nanoTime();
          masks[n] = t1 - t0;
          commits[n++] = t3 - t2;
        }
      }
      report("mask", masks);
      report("commit", commits);
      System.out.println(constraint.states() + " states");
    }
  }

  static void report(String what, long[] nanos) {
    Arrays.sort(nanos);
    System.out.printf("%s us: p50 %.2f p90 %.2f p99 %.2f p99.9 %.2f max %.1f%n", what, nanos[nanos.length / 2] / 1e3, nanos[nanos.length * 9 / 10] / 1e3,
        nanos[nanos.length * 99 / 100] / 1e3, nanos[nanos.length * 999 / 1000] / 1e3, nanos[nanos.length - 1] / 1e3);
  }

  static int pick(long[] mask, Random random, TokenTable tokens) {
    int count = 0;
    for (long word : mask) {
      count += Long.bitCount(word);
    }
    for (int attempt = 0; attempt < 20; attempt++) {
      int wanted = random.nextInt(count);
      for (int i = 0; i < mask.length; i++) {
        for (long bits = mask[i]; bits != 0; bits &= bits - 1) {
          if (wanted-- == 0) {
            int token = i * 64 + Long.numberOfTrailingZeros(bits);
            if (!tokens.isEnd(token)) {
              // Structure often, or every string would go on for ever.
              return token;
            }
          }
        }
      }
    }
    return -1;
  }
}
