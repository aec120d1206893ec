package io.github.llava4j.image;

import java.util.List;

/**
 * How a checkpoint wants its pictures: all that turns pixels into the vision tower's input.
 *
 * @param mode how a picture becomes tiles
 * @param tileSize side of a tile in pixels, the vision tower's input size
 * @param pinpoints the canvas sizes of {@link Mode#ANYRES} in the order in which they are tried; empty otherwise
 * @param unpadRounding how many feature rows are kept of a padded canvas
 * @param mean per channel, of values scaled to 0..1
 * @param std likewise
 */
public record ImagePreprocessing(
    Mode mode, int tileSize, List<Canvas> pinpoints, UnpadRounding unpadRounding, float[] mean, float[] std) {

  /** How a picture becomes tiles. */
  public enum Mode {
    /** LLaVA-1.6: an overview tile and the tiles of the best fitting canvas. */
    ANYRES,
    /** LLaVA-1.5, original: padded with the mean colour to a square. */
    PAD,
    /** LLaVA-1.5 of Hugging Face: shorter side scaled to the tile, centre cropped. */
    CROP,
    /** One tile, squashed to a square: the overview of AnyRes alone. */
    SQUASH
  }

  /** A canvas in pixels. */
  public record Canvas(int width, int height) {}

  /** How {@code size * scale} becomes a whole number when padding is removed from the features. */
  public enum UnpadRounding {
    /** Truncation, as in the original LLaVA. */
    TRUNCATE,
    /** Rounded to 7 decimals first, as in Hugging Face transformers 5. */
    ROUND_7
  }
}
