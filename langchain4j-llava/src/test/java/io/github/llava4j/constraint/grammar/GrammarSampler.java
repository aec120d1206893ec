package io.github.llava4j.constraint.grammar;

import java.util.List;
import java.util.random.RandomGenerator;

/** Random words of a grammar: walks at random, and after some characters takes the shortest way to the end. */
public final class GrammarSampler {

  private static final int MOST_CHARACTERS = 200_000;

  private final GrammarOracle oracle;
  private final RandomGenerator random;

  public GrammarSampler(GrammarOracle oracle, RandomGenerator random) {
    this.oracle = oracle;
    this.random = random;
  }

  /** @param length characters after which the word is brought to its end */
  public String word(int length) {
    StringBuilder text = new StringBuilder();
    GrammarOracle.State state = oracle.start();
    int written = 0;
    while (true) {
      if (state.isDead()) {
        throw new IllegalStateException("dead end behind " + text);
      }
      List<GrammarOracle.Offer> offers = state.offers();
      if (state.isAccepting() && (offers.isEmpty() || written >= length || random.nextInt(8) == 0)) {
        return text.toString();
      }
      if (offers.isEmpty()) {
        throw new IllegalStateException("dead end behind " + text);
      }
      GrammarOracle.Offer offer = offers.get(random.nextInt(offers.size()));
      if (written >= length) {
        for (GrammarOracle.Offer other : offers) {
          if (other.rest() < offer.rest()) {
            offer = other;
          }
        }
      }
      int codePoint = pick(offer);
      text.appendCodePoint(codePoint);
      state = state.next(codePoint);
      if (++written > MOST_CHARACTERS) {
        throw new IllegalStateException("no end after " + written + " characters: " + text.substring(0, 200));
      }
    }
  }

  /** Mostly plain letters, so that the words can be read, and now and then any character of the range. */
  private int pick(GrammarOracle.Offer offer) {
    int from = offer.from();
    int to = offer.to();
    if (from < 'z' && to > 'a' && random.nextInt(16) != 0) {
      from = Math.max(from, 'a');
      to = Math.min(to, 'z');
    }
    while (true) {
      int codePoint = from + random.nextInt(to - from + 1);
      if (codePoint < 0xd800 || codePoint > 0xdfff) {
        return codePoint;
      }
    }
  }
}
