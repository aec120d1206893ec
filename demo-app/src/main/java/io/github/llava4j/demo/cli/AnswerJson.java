package io.github.llava4j.demo.cli;

import java.util.Locale;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.llava4j.engine.GenerationResult;
import io.github.llava4j.engine.LlavaEngine;

/** An answer as programs read it; {@code describe} and {@code batch} print the same object. */
final class AnswerJson {

  static final JsonMapper MAPPER = JsonMapper.builder().build();

  private AnswerJson() {}

  /** @param readingMs how long it took to read the pictures, before the engine saw them */
  static void fill(ObjectNode target, GenerationResult result, LlavaEngine engine, double readingMs) {
    target.put("text", result.text());
    target.putPOJO("tokenIds", result.tokenIds());
    target.put("promptTokens", result.promptTokens());
    target.put("imageTokens", result.imageTokens());
    target.put("outputTokens", result.outputTokens());
    target.put("finishReason", result.finishReason().name().toLowerCase(Locale.ROOT));
    target.put("backend", engine.backend().id());
    ObjectNode timings = target.putObject("timings");
    timings.put("loadMs", round(engine.loadMs()));
    timings.put("imageMs", round(readingMs + result.timings().imageMs()));
    timings.put("visionMs", round(result.timings().visionMs()));
    timings.put("prefillMs", round(result.timings().prefillMs()));
    timings.put("decodeMs", round(result.timings().decodeMs()));
  }

  /** Tenths of a millisecond are more than clocks and readers care for. */
  private static double round(double ms) {
    return Math.round(ms * 10) / 10.0;
  }
}
