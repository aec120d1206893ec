package io.github.llava4j.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

import io.github.llava4j.text.Vocabulary;
import org.jspecify.annotations.Nullable;

/** Collects how likely the tokens of one answer were. */
final class Logprobs {

  private record Candidate(int token, float logit) {}

  private final int top;
  private final Vocabulary vocabulary;
  private final List<TokenLogprob> list = new ArrayList<>();

  /** @param top how many of the likeliest tokens are listed */
  Logprobs(int top, Vocabulary vocabulary) {
    this.top = top;
    this.vocabulary = vocabulary;
  }

  List<TokenLogprob> list() {
    return List.copyOf(list);
  }

  /**
   * Takes a token.
   *
   * @param logits as the model gave them
   * @param mask tokens that could have been chosen, as bits, or null for all
   */
  void add(int token, float[] logits, long @Nullable [] mask) {
    double all = logSum(logits, null);
    double allowed = mask == null ? all : logSum(logits, mask);
    List<TokenLogprob.Top> likeliest = likeliest(logits).stream()
        .map(candidate -> new TokenLogprob.Top(
            candidate.token, vocabulary.display(candidate.token), candidate.logit - all))
        .toList();
    list.add(new TokenLogprob(
        token, vocabulary.display(token), logits[token] - all, Math.min(0, logits[token] - allowed), likeliest));
  }

  private List<Candidate> likeliest(float[] logits) {
    PriorityQueue<Candidate> best = new PriorityQueue<>(Comparator.comparingDouble(Candidate::logit));
    for (int token = 0; top > 0 && token < logits.length; token++) {
      if (!Float.isNaN(logits[token]) && (best.size() < top || logits[token] > best.element().logit)) {
        best.add(new Candidate(token, logits[token]));
        if (best.size() > top) {
          best.remove();
        }
      }
    }
    return best.stream().sorted(Comparator.comparingDouble(Candidate::logit).reversed()).toList();
  }

  /** Logarithm of the sum of exponentials. */
  private static double logSum(float[] logits, long @Nullable [] mask) {
    double max = Double.NEGATIVE_INFINITY;
    for (int token = 0; token < logits.length; token++) {
      if (isIn(mask, token) && logits[token] > max) {
        max = logits[token];
      }
    }
    double sum = 0;
    for (int token = 0; token < logits.length; token++) {
      if (isIn(mask, token) && !Float.isNaN(logits[token])) {
        sum += Math.exp(logits[token] - max);
      }
    }
    return max + Math.log(sum);
  }

  private static boolean isIn(long @Nullable [] mask, int token) {
    return mask == null || Sampler.isSet(mask, token);
  }
}
