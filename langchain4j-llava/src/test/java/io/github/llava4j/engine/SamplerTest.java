package io.github.llava4j.engine;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.github.llava4j.DeadEndException;
import io.github.llava4j.PromptException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class SamplerTest {

  /** log of 0.5, 0.25, 0.125, 0.125. */
  private static final float[] LOGITS = {(float) Math.log(0.5), (float) Math.log(0.25), (float) Math.log(0.125),
      (float) Math.log(0.125)};
  private static final int DRAWS = 40_000;

  @Test
  void greedyTakesTheFirstOfTheLikeliest() {
    assertThat(new Sampler(Sampling.GREEDY).sample(new float[] {1, 3, 3, 2})).isEqualTo(1);
  }

  @Test
  void drawsEachTokenAsOftenAsItIsLikely() {
    Map<Integer, Double> shares = shares(sampling(1, 0, 1, 0));
    assertThat(shares.get(0)).isCloseTo(0.5, within(0.02));
    assertThat(shares.get(1)).isCloseTo(0.25, within(0.02));
    assertThat(shares.get(2)).isCloseTo(0.125, within(0.02));
  }

  @Test
  void temperatureSharpens() {
    // Halving the temperature squares the probabilities: 16 : 4 : 1 : 1.
    assertThat(shares(sampling(0.5, 0, 1, 0)).get(0)).isCloseTo(16 / 22.0, within(0.02));
  }

  /** Which tokens remain; ties of the k-th stay, as in transformers, and top-p keeps the one that crosses the line. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 0, 0", "2, 1, 0, 01", "3, 1, 0, 0123", "0, 0.5, 0, 0", "0, 0.51, 0, 01", "0, 0.75, 0, 01",
    "0, 0.76, 0, 013", "0, 1, 0.6, 0", "0, 1, 0.4, 01", "0, 1, 0.2, 0123", "2, 0.9, 0, 01", "0, 0.0001, 0, 0"
  })
  void cuts(int topK, double topP, double minP, String expected) {
    Set<Integer> seen = new TreeSet<>(shares(sampling(1, topK, topP, minP)).keySet());
    assertThat(seen).isEqualTo(new TreeSet<>(expected.chars().mapToObj(c -> c - '0').toList()));
  }

  @Test
  void aSeedGivesTheSameDrawsAgain() {
    Sampler one = new Sampler(sampling(1, 0, 1, 0));
    Sampler two = new Sampler(sampling(1, 0, 1, 0));
    for (int i = 0; i < 100; i++) {
      assertThat(one.sample(LOGITS.clone())).isEqualTo(two.sample(LOGITS.clone()));
    }
  }

  @Test
  void penaltiesCountWhatWasGenerated() {
    Sampler repetition = new Sampler(new Sampling(0, 0, 1, 0, 2, 0, 0, 0));
    assertThat(repetition.sample(new float[] {4, 3, -1})).isZero();
    assertThat(repetition.sample(new float[] {4, 3, -1})).isEqualTo(1);
    Sampler frequency = new Sampler(new Sampling(0, 0, 1, 0, 1, 0.6, 0, 0));
    assertThat(frequency.sample(new float[] {4, 3})).isZero();
    assertThat(frequency.sample(new float[] {4, 3})).isZero();
    assertThat(frequency.sample(new float[] {4, 3})).isEqualTo(1);
    Sampler presence = new Sampler(new Sampling(0, 0, 1, 0, 1, 0, 1.5, 0));
    assertThat(presence.sample(new float[] {4, 3})).isZero();
    assertThat(presence.sample(new float[] {4, 3})).isEqualTo(1);
    assertThat(presence.sample(new float[] {4, 3})).isZero();
  }

  /** What is no number is never chosen, and where nothing is left there is a name for it. */
  @Test
  void aDeadEndHasANameAndNoNumbersAreChosen() {
    for (Sampling sampling : List.of(Sampling.GREEDY, sampling(1, 0, 1, 0), sampling(1, 2, 0.5, 0.1))) {
      for (float nothing : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
        float[] none = new float[100];
        Arrays.fill(none, nothing);
        assertThatThrownBy(() -> new Sampler(sampling).sample(none)).isInstanceOf(DeadEndException.class);
        float[] one = none.clone();
        one[7] = -3;
        assertThat(new Sampler(sampling).sample(one)).isEqualTo(7);
      }
      float[] overflow = {1, Float.POSITIVE_INFINITY, 2};
      assertThatThrownBy(() -> new Sampler(sampling).sample(overflow)).isInstanceOf(DeadEndException.class);
    }
  }

  @ParameterizedTest
  @CsvSource({"-1,0,1,0,temperature", "1,-1,1,0,topK", "1,0,0,0,topP", "1,0,1.1,0,topP", "1,0,1,2,minP"})
  void refusesNonsenseByName(double temperature, int topK, double topP, double minP, String name) {
    assertThatThrownBy(() -> sampling(temperature, topK, topP, minP))
        .isInstanceOf(PromptException.class).hasMessageStartingWith(name);
  }

  private static Sampling sampling(double temperature, int topK, double topP, double minP) {
    return new Sampling(temperature, topK, topP, minP, 1, 0, 0, 7);
  }

  private static Map<Integer, Double> shares(Sampling sampling) {
    Sampler sampler = new Sampler(sampling);
    Map<Integer, Double> shares = new HashMap<>();
    for (int i = 0; i < DRAWS; i++) {
      shares.merge(sampler.sample(Arrays.copyOf(LOGITS, 4)), 1.0 / DRAWS, Double::sum);
    }
    return shares;
  }
}
