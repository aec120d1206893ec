package io.github.llava4j.demo.cli;

import java.util.List;

import io.github.llava4j.engine.Sampling;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How an answer is to be found. */
final class AnswerOptions {

  static final int MAX_TOKENS = 512;

  @Option(
      names = "--max-tokens",
      defaultValue = "" + MAX_TOKENS,
      paramLabel = "N",
      description = "Most tokens to generate (default: ${DEFAULT-VALUE}); the context ends an answer too.")
  int maxTokens;

  @Option(
      names = "--temperature",
      defaultValue = "0",
      paramLabel = "T",
      description = "0 is greedy, the default; higher is more varied.")
  private double temperature;

  @Option(names = "--top-k", defaultValue = "0", paramLabel = "K", description = "Only the K likeliest tokens (0: all).")
  private int topK;

  @Option(
      names = "--top-p",
      defaultValue = "1",
      paramLabel = "P",
      description = "Only the likeliest tokens that together reach probability P.")
  private double topP;

  @Option(
      names = "--min-p",
      defaultValue = "0",
      paramLabel = "P",
      description = "Only tokens at least P times as likely as the likeliest.")
  private double minP;

  @Option(
      names = "--repetition-penalty",
      defaultValue = "1",
      paramLabel = "X",
      description = "Above 1: tokens that occurred become less likely.")
  private double repetitionPenalty;

  @Option(
      names = "--frequency-penalty",
      defaultValue = "0",
      paramLabel = "X",
      description = "Subtracted from a token's logit for each time it occurred.")
  private double frequencyPenalty;

  @Option(
      names = "--presence-penalty",
      defaultValue = "0",
      paramLabel = "X",
      description = "Subtracted once from the logits of tokens that occurred.")
  private double presencePenalty;

  @Option(
      names = "--seed",
      defaultValue = "0",
      paramLabel = "S",
      description = "Of the random numbers: the same request on the same backend gives the same answer.")
  private long seed;

  @Option(names = "--stop", paramLabel = "TEXT", description = "Ends the answer and is not part of it; repeatable.")
  private @Nullable List<String> stop;

  @Option(
      names = "--detail",
      defaultValue = "auto",
      paramLabel = "LEVEL",
      description = "low: the overview of a picture alone; high, auto: all tiles that the checkpoint knows of.")
  private String detail;

  Sampling sampling() {
    return new Sampling(
        temperature, topK, topP, minP, repetitionPenalty, frequencyPenalty, presencePenalty, seed);
  }

  Detail detail() {
    return Detail.of(detail);
  }

  List<String> stop() {
    return stop == null ? List.of() : stop;
  }
}
