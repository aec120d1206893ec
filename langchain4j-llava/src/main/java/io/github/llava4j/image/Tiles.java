package io.github.llava4j.image;

import io.github.llava4j.image.ImagePreprocessing.UnpadRounding;
import io.github.llava4j.kernels.Internal;

/**
 * A picture as the vision tower takes it.
 *
 * @param pixels normalised values, [count, 3, size, size]; the overview first, then the canvas' tiles row by row
 * @param count how many tiles, the overview included
 * @param size side of a tile in pixels
 * @param gridColumns tiles side by side on the canvas; 0 if there is only the overview
 * @param gridRows tiles one above the other on the canvas; 0 if there is only the overview
 * @param width width of the picture before any scaling, for removing the padding
 * @param height likewise
 */
public record Tiles(float[] pixels, int count, int size, int gridColumns, int gridRows, int width, int height) {

  /**
   * The part of the canvas' feature map, gridRows * grid by gridColumns * grid, that is not padding.
   *
   * @param grid patches on a tile's side
   */
  @Internal
  public AnyRes.Kept kept(int grid, UnpadRounding rounding) {
    return AnyRes.unpad(width, height, gridColumns * grid, gridRows * grid, rounding);
  }
}
