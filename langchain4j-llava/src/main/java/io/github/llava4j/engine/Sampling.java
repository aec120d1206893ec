package io.github.llava4j.engine;

import io.github.llava4j.PromptException;

/**
 * How the next token is chosen. Steps follow Hugging Face transformers: penalties on the raw logits, then, unless
 * greedy, temperature, top-k, top-p and min-p. Penalties see the generated tokens, not the prompt.
 *
 * @param temperature divides the logits; 0 is greedy
 * @param topK keep the k most likely tokens; 0 for all
 * @param topP keep the most likely tokens that together reach this probability; 1 for all
 * @param minP keep tokens at least this fraction as likely as the likeliest; 0 for all
 * @param repetitionPenalty logits of tokens that occurred are divided (if positive) or multiplied by it; 1 is none
 * @param frequencyPenalty subtracted for each occurrence; 0 is none
 * @param presencePenalty subtracted once for tokens that occurred; 0 is none
 * @param seed of the random numbers: the same request, alone on the same backend, gives the same answer. Beside other
 *     requests, or after a beginning that was computed before, sums are taken in another order: logits then differ in the
 *     last digits, and a draw near a border can differ
 */
public record Sampling(
    double temperature,
    int topK,
    double topP,
    double minP,
    double repetitionPenalty,
    double frequencyPenalty,
    double presencePenalty,
    long seed) {

  /** Always the likeliest token. */
  public static final Sampling GREEDY = new Sampling(0, 0, 1, 0, 1, 0, 0, 0);

  public Sampling {
    require(temperature >= 0 && Double.isFinite(temperature), "temperature", temperature, "0 or more");
    require(topK >= 0, "topK", topK, "0 or more");
    require(topP > 0 && topP <= 1, "topP", topP, "above 0 and at most 1");
    require(minP >= 0 && minP <= 1, "minP", minP, "from 0 to 1");
    require(repetitionPenalty > 0 && Double.isFinite(repetitionPenalty), "repetitionPenalty", repetitionPenalty, "above 0");
    require(Double.isFinite(frequencyPenalty), "frequencyPenalty", frequencyPenalty, "a finite number");
    require(Double.isFinite(presencePenalty), "presencePenalty", presencePenalty, "a finite number");
  }

  private static void require(boolean ok, String name, Number value, String expected) {
    if (!ok) {
      throw new PromptException(name + " must be " + expected + ", not " + value);
    }
  }

  /** Whether the choice follows from the logits of this step alone, so that a device can make it. */
  boolean isPlainGreedy() {
    return isGreedy() && !hasPenalties();
  }

  boolean isGreedy() {
    return temperature == 0;
  }

  boolean hasPenalties() {
    return repetitionPenalty != 1 || frequencyPenalty != 0 || presencePenalty != 0;
  }
}
