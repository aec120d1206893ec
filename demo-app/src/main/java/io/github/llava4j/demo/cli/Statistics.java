package io.github.llava4j.demo.cli;

import java.util.Arrays;
import java.util.Locale;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Repeated measurements of one quantity. */
record Statistics(double[] samples) {

  double mean() {
    return Arrays.stream(samples).average().orElse(Double.NaN);
  }

  /** The sample standard deviation; 0 for a single sample. */
  double deviation() {
    double mean = mean();
    double squares = Arrays.stream(samples).map(sample -> (sample - mean) * (sample - mean)).sum();
    return Math.sqrt(squares / Math.max(1, samples.length - 1));
  }

  double median() {
    double[] sorted = samples.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  void fill(ObjectNode target) {
    target.put("mean", round(mean()));
    target.put("stddev", round(deviation()));
    target.put("median", round(median()));
    target.putPOJO("samples", Arrays.stream(samples).map(Statistics::round).toArray());
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.2f ± %.2f", mean(), deviation());
  }

  private static double round(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
