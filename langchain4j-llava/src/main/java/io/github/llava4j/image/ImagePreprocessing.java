package io.github.llava4j.image;

import java.util.List;

import io.github.llava4j.kernels.Internal;

/**
 * How a checkpoint wants its pictures: all that turns pixels into the vision tower's input.
 *
 * @param mode how a picture becomes tiles
 * @param tileSize side of a tile in pixels, the vision tower's input size
 * @param shortestEdge what {@link Mode#CROP} scales the shorter side to before it crops; equal to tileSize as a rule
 * @param pinpoints the canvas sizes of {@link Mode#ANYRES} in the order in which they are tried; empty otherwise
 * @param unpadRounding how many feature rows are kept of a padded canvas
 * @param mean per channel, of values scaled to 0..1
 * @param std likewise
 */
@Internal
public record ImagePreprocessing(
    Mode mode,
    int tileSize,
    int shortestEdge,
    List<Canvas> pinpoints,
    UnpadRounding unpadRounding,
    float[] mean,
    float[] std) {

  /** How a picture becomes tiles. */
  public enum Mode {
    /** LLaVA-1.6: an overview tile and the tiles of the best fitting canvas. */
    ANYRES,
    /** LLaVA-1.5, original: padded with the mean colour to a square. */
    PAD,
    /** LLaVA-1.5 of Hugging Face: shorter side scaled, centre cropped. */
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

  public ImagePreprocessing {
    pinpoints = List.copyOf(pinpoints);
    if (tileSize < 1 || shortestEdge < 1 || mean.length != 3 || std.length != 3) {
      throw new IllegalArgumentException(
          "expected positive sizes and three channels: tile %d, edge %d, mean %d, std %d"
              .formatted(tileSize, shortestEdge, mean.length, std.length));
    }
    if (mode == Mode.ANYRES && pinpoints.isEmpty()) {
      throw new IllegalArgumentException("AnyRes needs canvas sizes");
    }
    for (Canvas canvas : pinpoints) {
      if (canvas.width() < 1 || canvas.height() < 1 || canvas.width() % tileSize != 0
          || canvas.height() % tileSize != 0) {
        throw new IllegalArgumentException("%s is not made of whole tiles of %d".formatted(canvas, tileSize));
      }
    }
  }

  /** CLIP's normalisation, which every LLaVA checkpoint uses. */
  public static float[] clipMean() {
    return new float[] {0.48145466f, 0.4578275f, 0.40821073f};
  }

  /** See {@link #clipMean()}. */
  public static float[] clipStd() {
    return new float[] {0.26862954f, 0.26130258f, 0.27577711f};
  }
}
