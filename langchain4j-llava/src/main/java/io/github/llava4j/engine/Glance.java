package io.github.llava4j.engine;

import java.util.Objects;

import io.github.llava4j.config.LlavaConfig;
import io.github.llava4j.image.Tiles;
import org.jspecify.annotations.Nullable;

/** A picture of which only the vision tower's features are wanted: one tile, no prompt, no slot. */
final class Glance implements Work {

  private final Generation generation;
  private final Tiles overview;
  private volatile float @Nullable [] features;

  Glance(Generation generation, Tiles overview) {
    this.generation = generation;
    this.overview = overview;
  }

  @Override
  public Generation generation() {
    return generation;
  }

  /** The overview's pixels, [3, size, size]. */
  float[] pixels() {
    return overview.pixels();
  }

  /** Takes what the tower saw, [rows, hidden], and keeps the mean over the patches; a class token is none. */
  void saw(float[] rows, LlavaConfig.Vision config) {
    int width = config.hidden();
    int first = config.keepClass() ? 1 : 0;
    int count = rows.length / width;
    double[] sums = new double[width];
    for (int row = first; row < count; row++) {
      for (int i = 0; i < width; i++) {
        sums[i] += rows[row * width + i];
      }
    }
    float[] mean = new float[width];
    for (int i = 0; i < width; i++) {
      mean[i] = (float) (sums[i] / (count - first));
    }
    features = mean;
  }

  /** The mean, [hidden]; there once the request was answered. */
  float[] features() {
    return Objects.requireNonNull(features, "the picture was not seen");
  }
}
