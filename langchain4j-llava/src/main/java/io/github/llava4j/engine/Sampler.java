package io.github.llava4j.engine;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

import io.github.llava4j.DeadEndException;
import io.github.llava4j.constraint.automaton.Matcher;
import io.github.llava4j.kernels.Op;

/** Chooses tokens for one answer; remembers what it chose, for the penalties. */
final class Sampler {

  /** Tokens that are tried one by one against the budget, before all are. */
  private static final int TRIED_SINGLY = 8;

  private final Sampling sampling;
  private final SplittableRandom random;
  private final Map<Integer, Integer> occurrences = new HashMap<>();

  Sampler(Sampling sampling) {
    this.sampling = sampling;
    this.random = new SplittableRandom(sampling.seed());
  }

  /**
   * Chooses the next token.
   *
   * @param logits of the whole vocabulary; changed in the course of it
   * @throws DeadEndException if there is no largest, or it is not finite
   */
  int sample(float[] logits) {
    penalize(logits);
    int likeliest = Op.ArgMax.columnOf(logits, 0, logits.length);
    if (likeliest < 0 || !Float.isFinite(logits[likeliest])) {
      throw deadEnd();
    }
    int token = sampling.isGreedy() ? likeliest : draw(logits);
    if (sampling.hasPenalties()) {
      occurrences.merge(token, 1, Integer::sum);
    }
    return token;
  }

  /**
   * Chooses the next token of an answer that is held to a grammar.
   *
   * @param logits of the whole vocabulary; changed in the course of it
   * @param budget tokens that are left, this one included
   * @throws DeadEndException if every token is forbidden, or the logits are no numbers
   */
  Choice sample(float[] logits, Matcher matcher, int budget) {
    int likeliest = Op.ArgMax.columnOf(logits, 0, logits.length);
    if (sampling.isPlainGreedy() && likeliest >= 0 && matcher.allows(likeliest, budget)) {
      // The likeliest of all is the likeliest of those allowed: no mask is needed.
      return new Choice(likeliest, false);
    }
    // Penalties would take away quotes and braces, which have to come again and again.
    boolean penalized = sampling.hasPenalties() && matcher.isInText();
    if (penalized) {
      penalize(logits);
    }
    long[] mask = matcher.mask();
    boolean closing = likeliest >= 0 && isSet(mask, likeliest) && !matcher.allows(likeliest, budget);
    forbid(logits, mask);
    for (int attempt = 1;; attempt++) {
      likeliest = Op.ArgMax.columnOf(logits, 0, logits.length);
      if (likeliest < 0 || !Float.isFinite(logits[likeliest])) {
        throw deadEnd();
      }
      int token = sampling.isGreedy() ? likeliest : draw(logits);
      if (matcher.allows(token, budget)) {
        if (penalized) {
          occurrences.merge(token, 1, Integer::sum);
        }
        return new Choice(token, closing);
      }
      closing = true;
      logits[token] = Float.NEGATIVE_INFINITY;
      if (attempt == TRIED_SINGLY) {
        forbid(logits, matcher.mask(budget));
      }
    }
  }

  /**
   * A token of a constrained answer.
   *
   * @param closing whether a token that would have been chosen was left out because too few tokens are left for what it
   *     begins
   */
  record Choice(int token, boolean closing) {}

  /** Whether a mask has a token; embedding tables have more rows than masks have bits. */
  static boolean isSet(long[] mask, int token) {
    return token >> 6 < mask.length && (mask[token >> 6] >>> token & 1) != 0;
  }

  private static void forbid(float[] logits, long[] mask) {
    for (int token = 0; token < logits.length; token++) {
      if (!isSet(mask, token)) {
        logits[token] = Float.NEGATIVE_INFINITY;
      }
    }
  }

  static DeadEndException deadEnd() {
    return new DeadEndException("no token can follow: the logits are no numbers, or every token is forbidden");
  }

  private void penalize(float[] logits) {
    occurrences.forEach((token, count) -> {
      double logit = logits[token];
      logit = logit > 0 ? logit / sampling.repetitionPenalty() : logit * sampling.repetitionPenalty();
      logit -= count * sampling.frequencyPenalty() + sampling.presencePenalty();
      logits[token] = (float) logit;
    });
  }

  private int draw(float[] logits) {
    int[] candidates = candidates(logits);
    double max = logits[candidates[candidates.length - 1]];
    double[] weights = new double[candidates.length];
    double total = 0;
    for (int i = 0; i < candidates.length; i++) {
      weights[i] = Math.exp((logits[candidates[i]] - max) / sampling.temperature());
      total += weights[i];
    }
    int first = topP(weights, total);
    double kept = 0;
    for (int i = first; i < weights.length; i++) {
      // The likeliest weight is exp(0) = 1, so min-p compares with 1 whatever was cut before.
      weights[i] = weights[i] >= sampling.minP() ? weights[i] : 0;
      kept += weights[i];
    }
    double target = random.nextDouble() * kept;
    for (int i = candidates.length - 1; i > first; i--) {
      target -= weights[i];
      if (target < 0) {
        return candidates[i];
      }
    }
    return candidates[Math.max(first, lastPositive(weights, first))];
  }

  /** The first weight that takes part, for when rounding leaves a remainder of the target. */
  private static int lastPositive(double[] weights, int first) {
    int i = first;
    while (weights[i] == 0) {
      i++;
    }
    return i;
  }

  /** Tokens by ascending logit, forbidden ones and those that are no numbers left out; with top-k only those at least as likely as the k-th. */
  private int[] candidates(float[] logits) {
    // Sorting longs that hold the logit in front and the token behind beats sorting boxed tokens.
    long[] keys = new long[logits.length];
    int count = 0;
    for (int i = 0; i < logits.length; i++) {
      if (logits[i] > Float.NEGATIVE_INFINITY) {
        int bits = Float.floatToIntBits(logits[i]);
        int ordered = bits < 0 ? bits ^ Integer.MAX_VALUE : bits;
        keys[count++] = (long) ordered << 32 | i;
      }
    }
    Arrays.sort(keys, 0, count);
    int from = 0;
    if (sampling.topK() > 0 && sampling.topK() < count) {
      from = count - sampling.topK();
      while (from > 0 && keys[from - 1] >> 32 == keys[from] >> 32) {
        from--;
      }
    }
    int[] sorted = new int[count - from];
    for (int i = from; i < count; i++) {
      sorted[i - from] = (int) keys[i];
    }
    return sorted;
  }

  /** Index of the first weight that stays: the tail below it holds at most 1 - topP of the probability. */
  private int topP(double[] weights, double total) {
    double tail = 0;
    for (int i = 0; i < weights.length - 1; i++) {
      tail += weights[i];
      if (tail > (1 - sampling.topP()) * total) {
        return i;
      }
    }
    return weights.length - 1;
  }
}
