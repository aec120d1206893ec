package io.github.llava4j.langchain4j;

import java.util.List;

import io.github.llava4j.engine.GenerationRequest;
import io.github.llava4j.langchain4j.json.AnswerCheck;
import org.jspecify.annotations.Nullable;

/**
 * A request in the engine's words, and how to read the answer to it.
 *
 * @param tools names of the tools that the answer may call, in the order of its signals; empty for none
 * @param stop what ends an answer with tools; the engine does not know it, who would look for it in the decision, too
 * @param free whether an answer in words may be anything
 * @param decides whether the answer decides between tools
 * @param logprobs whether probabilities were asked for
 * @param check of an answer in words; null for none
 */
record EngineRequest(
    GenerationRequest generation,
    List<String> tools,
    List<String> stop,
    boolean free,
    boolean decides,
    boolean logprobs,
    @Nullable AnswerCheck check) {

  EngineRequest {
    tools = List.copyOf(tools);
    stop = List.copyOf(stop);
  }
}
