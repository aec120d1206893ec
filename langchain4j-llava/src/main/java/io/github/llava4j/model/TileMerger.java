package io.github.llava4j.model;

import java.util.Arrays;

import io.github.llava4j.config.LlavaConfig;
import io.github.llava4j.image.AnyRes;
import io.github.llava4j.image.ImagePreprocessing;
import io.github.llava4j.image.Tiles;
import org.jspecify.annotations.Nullable;

/**
 * Puts the features of a picture's tiles in the order in which the decoder takes them: LLaVA-1.6's "spatial_unpad". The
 * overview comes first, then the canvas row by row without its padding, the newline vector after each row.
 */
final class TileMerger {

  private final LlavaConfig config;
  private final ImagePreprocessing preprocessing;
  private final float @Nullable [] newline;

  /** @param newline [hidden], or null if the model has none */
  TileMerger(LlavaConfig config, ImagePreprocessing preprocessing, float @Nullable [] newline) {
    this.config = config;
    this.preprocessing = preprocessing;
    this.newline = newline;
  }

  /** How many positions a picture of that size takes. */
  int count(int width, int height, boolean overviewOnly) {
    if (preprocessing.mode() == ImagePreprocessing.Mode.ANYRES && !overviewOnly) {
      return AnyRes.tokens(preprocessing, width, height, config.vision().grid());
    }
    return config.vision().features() + (newline == null ? 0 : 1);
  }

  /**
   * @param projected [tiles, features, hidden]
   * @return [count, hidden]
   */
  float[] merge(Tiles tiles, float[] projected) {
    int hidden = config.decoder().hidden();
    int overview = config.vision().features() * hidden;
    if (tiles.gridColumns() == 0) {
      float[] merged = Arrays.copyOf(projected, overview + (newline == null ? 0 : hidden));
      if (newline != null) {
        System.arraycopy(newline, 0, merged, overview, hidden);
      }
      return merged;
    }
    int grid = config.vision().grid();
    AnyRes.Kept kept = tiles.kept(grid, preprocessing.unpadRounding());
    float[] merged = Arrays.copyOf(projected, overview + kept.featuresWithNewlines() * hidden);
    int to = overview;
    for (int row = kept.firstRow(); row < kept.firstRow() + kept.rows(); row++) {
      for (int column = kept.firstColumn(); column < kept.firstColumn() + kept.columns(); column++, to += hidden) {
        int tile = 1 + row / grid * tiles.gridColumns() + column / grid;
        int feature = row % grid * grid + column % grid;
        System.arraycopy(projected, tile * overview + feature * hidden, merged, to, hidden);
      }
      System.arraycopy(newline, 0, merged, to, hidden);
      to += hidden;
    }
    return merged;
  }
}
