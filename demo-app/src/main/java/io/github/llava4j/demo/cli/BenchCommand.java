package io.github.llava4j.demo.cli;

import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.DoubleSupplier;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.llava4j.checkpoint.Checkpoint;
import io.github.llava4j.engine.EngineOptions;
import io.github.llava4j.kernels.Backend;
import io.github.llava4j.model.LlavaModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures speed in the terms of llama-bench. */
@Command(
    name = "bench",
    description = "Measures prefill and decode in tokens per second, and the vision tower in milliseconds per tile.",
    sortOptions = false)
final class BenchCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Mixin
  private ModelOptions modelOptions;

  @Option(names = "-p", defaultValue = "512", paramLabel = "N", description = "Tokens of the prompt (default: 512).")
  private int promptTokens;

  @Option(names = "-n", defaultValue = "128", paramLabel = "N", description = "Tokens of the answer (default: 128).")
  private int answerTokens;

  @Option(
      names = "-d", defaultValue = "0", paramLabel = "N",
      description = "Tokens before the answer, which are not timed (default: 0).")
  private int depth;

  @Option(names = "-r", defaultValue = "5", paramLabel = "N", description = "Repetitions after a warm-up (default: 5).")
  private int repetitions;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  private final Progress progress;

  BenchCommand(Terminal terminal) {
    this.terminal = terminal;
    this.progress = new Progress(terminal);
  }

  @Override
  public Integer call() {
    if (promptTokens < 1 || answerTokens < 1 || repetitions < 1) {
      throw new UserMistake("-p, -n and -r must be at least 1");
    }
    if (depth < 0) {
      throw new UserMistake("-d must be at least 0");
    }
    EngineOptions options = modelOptions.engineOptions(false);
    try (Checkpoint checkpoint = Checkpoint.open(options.source()); Backend backend = modelOptions.openBackend()) {
      measure(LlavaModel.of(checkpoint, options.template(), Set.of()), backend, options);
    }
    return Failures.OK;
  }

  private void measure(LlavaModel model, Backend backend, EngineOptions options) {
    try (Bench bench = new Bench(model, backend, options, context(model))) {
      Statistics prefill = measure("prefill", () -> promptTokens * 1000 / bench.prefill(promptTokens));
      bench.prefill(depth);
      Statistics decode = measure("decode", () -> answerTokens * 1000 / bench.decode(answerTokens, depth));
      Statistics tile = measure("vision", bench::tile);
      if (json) {
        terminal.out().println(object(model, backend, prefill, decode, tile));
      } else {
        print(model, backend, prefill, decode, tile);
      }
    }
  }

  private int context(LlavaModel model) {
    int wanted = Math.max(promptTokens, depth + answerTokens);
    int trained = model.config().decoder().maxPositions();
    if (wanted > trained) {
      throw new UserMistake(wanted + " tokens exceed the " + trained + " positions that the model was trained for");
    }
    return wanted;
  }

  private Statistics measure(String what, DoubleSupplier measurement) {
    try {
      progress.show(what + ": warm-up");
      measurement.getAsDouble();
      double[] samples = new double[repetitions];
      for (int i = 0; i < repetitions; i++) {
        progress.show(what + ": " + (i + 1) + " of " + repetitions);
        samples[i] = measurement.getAsDouble();
      }
      return new Statistics(samples);
    } finally {
      progress.clear();
    }
  }

  private ObjectNode object(
      LlavaModel model, Backend backend, Statistics prefill, Statistics decode, Statistics tile) {
    ObjectNode object = AnswerJson.MAPPER.createObjectNode();
    object.put("model", model.name());
    object.put("description", model.description());
    object.put("backend", backend.id());
    object.put("device", backend.describe());
    ObjectNode prefillNode = object.putObject("prefill");
    prefillNode.put("tokens", promptTokens);
    prefill.fill(prefillNode.putObject("tokensPerSecond"));
    ObjectNode decodeNode = object.putObject("decode");
    decodeNode.put("tokens", answerTokens);
    decodeNode.put("depth", depth);
    decode.fill(decodeNode.putObject("tokensPerSecond"));
    tile.fill(object.putObject("vision").putObject("msPerTile"));
    return object;
  }

  private void print(LlavaModel model, Backend backend, Statistics prefill, Statistics decode, Statistics tile) {
    terminal.out().println(model.name() + ": " + model.description());
    terminal.out().println(backend.id() + ": " + backend.describe());
    terminal.out().println();
    row("test", "mean ± stddev", "median");
    row("----", "-------------", "------");
    row("pp" + promptTokens, prefill + " t/s", median(prefill));
    row("tg" + answerTokens + (depth > 0 ? " @ d" + depth : ""), decode + " t/s", median(decode));
    row("vision", tile + " ms/tile", median(tile));
  }

  private void row(String test, String mean, String median) {
    terminal.out().printf(Locale.ROOT, "| %-14s | %24s | %10s |%n", test, mean, median);
  }

  private static String median(Statistics statistics) {
    return String.format(Locale.ROOT, "%.2f", statistics.median());
  }
}
