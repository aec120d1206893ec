package io.github.llava4j.demo.web;

import java.util.Locale;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import io.github.llava4j.langchain4j.LlavaChatResponseMetadata;
import org.jspecify.annotations.Nullable;

/**
 * An answer.
 *
 * @param finishReason {@code stop} if the model ended it, {@code length} if it ran into a limit
 * @param timings null where the model does not measure them
 * @param model the name of the model that answered
 * @param backend where it was computed
 */
record ChatAnswer(String text, String finishReason, Usage usage, @Nullable Timings timings, String model, String backend) {

  /**
   * Tokens.
   *
   * @param inputTokens of the whole conversation, pictures included
   * @param imageTokens how many of these are pictures'
   * @param cachedTokens how many of these an earlier request had already computed
   */
  record Usage(int inputTokens, int outputTokens, int imageTokens, int cachedTokens) {}

  /**
   * Where the time went, in milliseconds.
   *
   * @param imageMs tiling the pictures
   * @param visionMs looking at them
   * @param prefillMs reading the prompt
   * @param decodeMs writing the answer, but for its first token
   */
  record Timings(double imageMs, double visionMs, double prefillMs, double decodeMs) {}

  static ChatAnswer of(ChatResponse response, String backend) {
    TokenUsage tokens = response.tokenUsage();
    LlavaChatResponseMetadata known =
        response.metadata() instanceof LlavaChatResponseMetadata metadata ? metadata : null;
    return new ChatAnswer(
        response.aiMessage().text(),
        response.finishReason().name().toLowerCase(Locale.ROOT),
        new Usage(
            tokens.inputTokenCount(),
            tokens.outputTokenCount(),
            known == null ? 0 : known.imageTokenCount(),
            known == null ? 0 : known.cachedTokenCount()),
        known == null || known.timings() == null ? null : timings(known.timings()),
        response.modelName(),
        backend);
  }

  private static Timings timings(io.github.llava4j.engine.Timings timings) {
    return new Timings(
        round(timings.imageMs()), round(timings.visionMs()), round(timings.prefillMs()), round(timings.decodeMs()));
  }

  /** Tenths of a millisecond are more than clocks and readers care for. */
  private static double round(double ms) {
    return Math.round(ms * 10) / 10.0;
  }
}
