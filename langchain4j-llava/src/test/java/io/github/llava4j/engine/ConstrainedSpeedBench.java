package io.github.llava4j.engine;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import io.github.llava4j.constraint.Constraint;
import io.github.llava4j.constraint.grammar.Expression;
import io.github.llava4j.constraint.grammar.Expression.Encoding;
import io.github.llava4j.constraint.grammar.Expression.Literal;
import io.github.llava4j.constraint.grammar.Expression.Repeat;
import io.github.llava4j.constraint.grammar.Expression.Sequence;
import io.github.llava4j.constraint.grammar.Expression.Terminal;
import io.github.llava4j.constraint.grammar.Grammar;
import io.github.llava4j.constraint.regular.Language;

/**
 * Decodes with and without a grammar by turns and prints the medians. Not a test. Arguments: model, backend, tokens of an
 * answer, rounds.
 */
public final class ConstrainedSpeedBench {

  private ConstrainedSpeedBench() {}

  public static void main(String[] args) {
    int tokens = Integer.parseInt(args[2]);
    int rounds = Integer.parseInt(args[3]);
    try (LlavaEngine engine = LlavaEngine.open(EngineOptions.builder(Path.of(args[0])).backend(args[1]).build())) {
      Expression string = new Terminal(Language.any(), Encoding.JSON_STRING, 8, 40);
      Expression record = Sequence.of(new Literal("{\"name\": "), string, new Literal(", \"count\": "),
          Terminal.raw(Language.range('0', '9').repeat(1, 6)), new Literal("}"));
      Constraint endless = Constraint.of(new Grammar(Map.of("root", new Repeat(record, new Literal(", "), 1, 20_000)), "root"),
          engine.tokenTable());
      double[][] rates = new double[2][rounds];
      for (int round = -1; round < rounds; round++) {
        for (int held = 0; held < 2; held++) {
          GenerationResult result = engine.generate(new GenerationRequest(
              engine.model().tokenizer().parse("USER: Hello ASSISTANT:"), List.of(),
              Sampling.GREEDY, tokens, List.of(), false, null, "", held == 1 ? endless : null, -1));
          if (round >= 0) {
            rates[held][round] = (result.outputTokens() - 1) / result.timings().decodeMs() * 1000;
          }
          if (round < 1) {
            System.out.println(held + " " + result.outputTokens() + " " + result.text().substring(0, Math.min(200, result.text().length())));
          }
        }
      }
      for (double[] rate : rates) {
        Arrays.sort(rate);
      }
      System.out.printf("tokens/s: free %.2f, held %.2f, ratio %.3f (medians of %d)%n", rates[0][rounds / 2],
          rates[1][rounds / 2], rates[1][rounds / 2] / rates[0][rounds / 2], rounds);
    }
  }
}
