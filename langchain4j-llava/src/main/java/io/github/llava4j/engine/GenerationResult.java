package io.github.llava4j.engine;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A finished answer.
 *
 * @param text without special tokens and stop strings
 * @param tokenIds every token that was generated, the end token included
 * @param promptTokens positions of the prompt, those of pictures included
 * @param imageTokens positions of pictures
 * @param cachedTokens prompt positions that an earlier request had already computed
 * @param logprobs one for each of {@code tokenIds} if the request asked for them, else empty
 * @param trace null unless the request asked for it and its prompt was computed
 */
public record GenerationResult(
    String text,
    List<Integer> tokenIds,
    int promptTokens,
    int imageTokens,
    int cachedTokens,
    FinishReason finishReason,
    Timings timings,
    List<TokenLogprob> logprobs,
    @Nullable Trace trace) {

  /** Of a request that was cancelled while it waited. */
  static final GenerationResult NOTHING =
      new GenerationResult("", List.of(), 0, 0, 0, FinishReason.CANCELLED, new Timings(0, 0, 0, 0), List.of(), null);

  /** Of a picture of which only the features were wanted. */
  static final GenerationResult SEEN =
      new GenerationResult("", List.of(), 0, 0, 0, FinishReason.STOP, new Timings(0, 0, 0, 0), List.of(), null);

  /** How many tokens were generated. */
  public int outputTokens() {
    return tokenIds.size();
  }
}
