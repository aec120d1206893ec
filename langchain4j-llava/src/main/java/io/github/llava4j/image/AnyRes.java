package io.github.llava4j.image;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

import io.github.llava4j.image.ImagePreprocessing.Canvas;
import io.github.llava4j.image.ImagePreprocessing.Mode;
import io.github.llava4j.image.ImagePreprocessing.UnpadRounding;
import io.github.llava4j.kernels.Internal;

/**
 * The arithmetic of LLaVA-1.6's AnyRes: sizes only, no pixels.
 *
 * <p>Every product is taken in the order and in the precision (double) of the original LLaVA (mm_utils.py,
 * llava_arch.py) and of Hugging Face transformers (modeling_llava_next.py), which agree but for
 * {@link UnpadRounding} and the order of the pinpoints.
 */
@Internal
public final class AnyRes {

  private static final int ROUND_DECIMALS = 7;

  /** The rectangle of a feature map that shows the picture and not padding. Rows or columns may be 0. */
  public record Kept(int firstRow, int rows, int firstColumn, int columns) {

    /** Features after every row has got its newline vector: rows * (columns + 1). */
    public int featuresWithNewlines() {
      return rows * (columns + 1);
    }
  }

  private AnyRes() {}

  /** The canvas that shows most of the picture's pixels and wastes least; of equals the first in the list. */
  public static Canvas bestCanvas(int width, int height, List<Canvas> pinpoints) {
    Canvas best = null;
    long mostEffective = 0;
    long leastWasted = Long.MAX_VALUE;
    for (Canvas canvas : pinpoints) {
      double scale = Math.min((double) canvas.width() / width, (double) canvas.height() / height);
      long scaled = (long) (int) (width * scale) * (int) (height * scale);
      long effective = Math.min(scaled, (long) width * height);
      long wasted = (long) canvas.width() * canvas.height() - effective;
      if (effective > mostEffective || effective == mostEffective && wasted < leastWasted) {
        best = canvas;
        mostEffective = effective;
        leastWasted = wasted;
      }
    }
    if (best == null) {
      throw new IllegalArgumentException("no canvas to choose from");
    }
    return best;
  }

  /** The size at which a picture fills the canvas in one direction and keeps its shape, rounded up in the other. */
  public static Canvas scaledSize(int width, int height, Canvas canvas) {
    double scaleWidth = (double) canvas.width() / width;
    double scaleHeight = (double) canvas.height() / height;
    if (scaleWidth < scaleHeight) {
      return new Canvas(canvas.width(), (int) Math.min(Math.ceil(height * scaleWidth), canvas.height()));
    }
    return new Canvas((int) Math.min(Math.ceil(width * scaleHeight), canvas.width()), canvas.height());
  }

  /**
   * What remains of a canvas' feature map without padding.
   *
   * @param width of the picture before any scaling, in pixels
   * @param height likewise
   * @param mapColumns features side by side on the canvas
   * @param mapRows features one above the other
   */
  public static Kept unpad(int width, int height, int mapColumns, int mapRows, UnpadRounding rounding) {
    if ((double) width / height > (double) mapColumns / mapRows) {
      int rows = whole(height * ((double) mapColumns / width), rounding);
      int padding = Math.floorDiv(mapRows - rows, 2);
      return new Kept(padding, mapRows - 2 * padding, 0, mapColumns);
    }
    int columns = whole(width * ((double) mapRows / height), rounding);
    int padding = Math.floorDiv(mapColumns - columns, 2);
    return new Kept(0, mapRows, padding, mapColumns - 2 * padding);
  }

  /** How many tiles a picture of that size makes, the overview included. */
  public static int tiles(ImagePreprocessing settings, int width, int height) {
    if (settings.mode() != Mode.ANYRES) {
      return 1;
    }
    Canvas canvas = bestCanvas(width, height, settings.pinpoints());
    return 1 + canvas.width() / settings.tileSize() * (canvas.height() / settings.tileSize());
  }

  /**
   * How many prompt positions a picture takes.
   *
   * @param grid patches on a tile's side
   */
  public static int tokens(ImagePreprocessing settings, int width, int height, int grid) {
    int overview = grid * grid;
    if (settings.mode() != Mode.ANYRES) {
      return overview;
    }
    Canvas canvas = bestCanvas(width, height, settings.pinpoints());
    Kept kept = unpad(width, height, canvas.width() / settings.tileSize() * grid,
        canvas.height() / settings.tileSize() * grid, settings.unpadRounding());
    return overview + kept.featuresWithNewlines();
  }

  private static int whole(double size, UnpadRounding rounding) {
    return switch (rounding) {
      case TRUNCATE -> (int) size;
      // Python's round() works on the exact binary value, half to even.
      case ROUND_7 -> new BigDecimal(size).setScale(ROUND_DECIMALS, RoundingMode.HALF_EVEN).intValue();
    };
  }
}
