package io.github.llava4j.constraint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.llava4j.ConstraintException;
import io.github.llava4j.constraint.automaton.Matcher;
import io.github.llava4j.constraint.schema.JsonSchemas;
import io.github.llava4j.constraint.schema.SchemaOptions;
import io.github.llava4j.constraint.schema.Unsupported;
import io.github.llava4j.constraint.token.TokenTable;
import io.github.llava4j.text.LlamaVocabulary;

/**
 * Measures compiling and masks, for all schemas below a folder and one random answer to each: every mask is asked for once,
 * as in decoding. Not a test. Arguments: a GGUF file with a vocabulary, the folder.
 */
public final class MaskBench {

  private static final int MOST_TOKENS = 500;
  private static final int WARM_UP = 3;
  private static final int ROUNDS = 7;

  private final TokenTable tokens;
  private final Random random = new Random(1);
  private final List<Long> compile = new ArrayList<>();
  private final List<Long> masks = new ArrayList<>();
  private final List<Long> commits = new ArrayList<>();
  private int refused;

  private MaskBench(TokenTable tokens) {
    this.tokens = tokens;
  }

  public static void main(String[] args) throws IOException {
    TokenTable tokens = TokenTable.of(LlamaVocabulary.read(Path.of(args[0])), Set.of(2));
    List<Path> files;
    try (Stream<Path> below = Files.walk(Path.of(args[1]))) {
      files = below.filter(file -> file.toString().endsWith(".json") && !file.endsWith("index.json")).sorted().toList();
    }
    List<MaskBench> rounds = new ArrayList<>();
    for (int round = 0; round < WARM_UP + ROUNDS; round++) {
      MaskBench bench = new MaskBench(tokens);
      for (Path file : files) {
        bench.measure(Files.readString(file));
      }
      if (round >= WARM_UP) {
        rounds.add(bench);
      }
    }
    System.out.printf("%d schemas, %d of them refused%n", files.size(), rounds.getFirst().refused);
    report("compile", rounds, bench -> bench.compile);
    report("mask", rounds, bench -> bench.masks);
    report("accept", rounds, bench -> bench.commits);
  }

  private void measure(String schema) {
    long start = System.nanoTime();
    Constraint constraint;
    try {
      constraint = Constraint.of(JsonSchemas.compile(
          JsonSchemas.read(schema), SchemaOptions.DEFAULT.withUnsupported(Unsupported.IGNORE), "").toGrammar("root"), tokens);
    } catch (ConstraintException e) {
      refused++;
      return;
    }
    compile.add(System.nanoTime() - start);
    Matcher matcher = constraint.start();
    for (int left = constraint.leastTokens() + MOST_TOKENS; left > constraint.leastTokens() && !matcher.isFinished(); left--) {
      long before = System.nanoTime();
      long[] mask = matcher.mask();
      masks.add(System.nanoTime() - before);
      int token = pick(mask);
      if (token < 0) {
        return;
      }
      before = System.nanoTime();
      matcher.accept(token);
      commits.add(System.nanoTime() - before);
    }
  }

  /** A token by chance; half of the time one that is not plain, or strings would go on for ever. Never an end. */
  private int pick(long[] mask) {
    int found = -1;
    int seen = 0;
    boolean structure = random.nextBoolean();
    long[] plain = tokens.plainUpTo(TokenTable.MOST_PLAIN_CHARACTERS);
    for (int pass = 0; pass < 2 && found < 0; pass++) {
      for (int i = 0; i < mask.length; i++) {
        for (long bits = structure && pass == 0 ? mask[i] & ~plain[i] : mask[i]; bits != 0; bits &= bits - 1) {
          int token = i * Long.SIZE + Long.numberOfTrailingZeros(bits);
          if (!tokens.isEnd(token) && random.nextInt(++seen) == 0) {
            found = token;
          }
        }
      }
    }
    return found;
  }

  /** Each round does the same from the beginning; the least of each step's times is the one that nobody else disturbed. */
  private static void report(String what, List<MaskBench> rounds, Function<MaskBench, List<Long>> times) {
    int count = times.apply(rounds.getFirst()).size();
    long[] sorted = IntStream.range(0, count)
        .mapToLong(i -> rounds.stream().mapToLong(round -> times.apply(round).get(i)).min().orElseThrow())
        .sorted().toArray();
    System.out.printf("%8s, %d times, microseconds: mean %.1f, p50 %.1f, p95 %.1f, p99 %.1f, p99.9 %.1f, largest %.0f%n", what, count,
        Arrays.stream(sorted).average().orElse(0) / 1e3, at(sorted, 0.5), at(sorted, 0.95), at(sorted, 0.99), at(sorted, 0.999),
        sorted[sorted.length - 1] / 1e3);
  }

  private static double at(long[] sorted, double share) {
    return sorted[(int) (share * (sorted.length - 1))] / 1e3;
  }
}
