package io.github.llava4j.image;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a picture may cost before it is refused. Sizes are taken from the header, before any pixel is decoded.
 *
 * @param maxBytes encoded size in bytes
 * @param maxPixels width times height
 * @param maxSide width and height each; resampling a thin strip costs as much as its long side
 * @param kinds the formats that are read
 */
public record ImageLimits(long maxBytes, long maxPixels, int maxSide, Set<ImageKind> kinds) {

  /** 50 MB, 100 megapixels, the largest side that a JPEG can have, every format. */
  public static final ImageLimits DEFAULT =
      new ImageLimits(50_000_000, 100_000_000, 65_535, EnumSet.allOf(ImageKind.class));

  // Three bytes per pixel must fit into one array.
  private static final long MOST_PIXELS = (Integer.MAX_VALUE - 8) / 3;

  public ImageLimits {
    if (maxBytes < 1 || maxPixels < 1 || maxSide < 1 || maxPixels > MOST_PIXELS) {
      throw new IllegalArgumentException(
          "limits must be positive and maxPixels at most %d: %d bytes, %d pixels, side %d"
              .formatted(MOST_PIXELS, maxBytes, maxPixels, maxSide));
    }
    kinds = Set.copyOf(kinds);
  }
}
