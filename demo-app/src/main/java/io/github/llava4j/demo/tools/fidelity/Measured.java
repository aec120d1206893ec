package io.github.llava4j.demo.tools.fidelity;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

import io.github.llava4j.demo.tools.trace.NpyFile;
import org.jspecify.annotations.Nullable;

/** How far one subject on one backend is from its reference. */
final class Measured {

  private final Subject subject;
  private final String backend;
  private final Map<Stage, Double> largest = new EnumMap<>(Stage.class);
  private int runs;
  private int sameInputIds;
  private int sameGreedyIds;

  Measured(Subject subject, String backend) {
    this.subject = subject;
    this.backend = backend;
  }

  Subject subject() {
    return subject;
  }

  String backend() {
    return backend;
  }

  /** The largest absolute difference seen, infinite where shapes differ; empty if there was nothing to compare with. */
  Optional<Double> largest(Stage stage) {
    return Optional.ofNullable(largest.get(stage));
  }

  int runs() {
    return runs;
  }

  int sameInputIds() {
    return sameInputIds;
  }

  int sameGreedyIds() {
    return sameGreedyIds;
  }

  boolean withinTolerance() {
    return sameInputIds == runs && sameGreedyIds == runs
        && largest.entrySet().stream().allMatch(entry -> entry.getValue() <= entry.getKey().tolerance());
  }

  void countRun(boolean inputIds, boolean greedyIds) {
    runs++;
    sameInputIds += inputIds ? 1 : 0;
    sameGreedyIds += greedyIds ? 1 : 0;
  }

  void add(Stage stage, double difference) {
    // Not a number is as far off as can be, and max would keep it but a comparison with a tolerance would not see it.
    largest.merge(stage, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference, Math::max);
  }

  /** @param expected file, or null if there is no reference */
  void compare(Stage stage, @Nullable Path expected, float[] actual) throws IOException {
    if (expected != null) {
      compare(stage, NpyFile.read(expected).values(), actual);
    }
  }

  void compare(Stage stage, float[] expected, float[] actual) {
    if (expected.length != actual.length) {
      add(stage, Double.POSITIVE_INFINITY);
      return;
    }
    for (int i = 0; i < expected.length; i++) {
      add(stage, Math.abs((double) expected[i] - actual[i]));
    }
  }

  /** Compares features that keep the class token in the reference only, as the first row of each tile. */
  void compareWithoutClass(Stage stage, @Nullable Path expected, float[] actual) throws IOException {
    if (expected == null) {
      return;
    }
    NpyFile file = NpyFile.read(expected);
    int tiles = file.shape()[0];
    int tile = file.values().length / tiles;
    int width = file.shape()[2];
    if (file.values().length == actual.length) {
      compare(stage, file.values(), actual);
      return;
    }
    float[] patches = new float[file.values().length - tiles * width];
    for (int i = 0; i < tiles; i++) {
      System.arraycopy(file.values(), i * tile + width, patches, i * (tile - width), tile - width);
    }
    compare(stage, patches, actual);
  }
}
