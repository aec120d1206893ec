package io.github.llava4j.image;

import io.github.llava4j.ImageException;
import io.github.llava4j.ImageTooLargeException;

/** The limits as they apply to one named picture. */
record Guard(ImageLimits limits, String name) {

  /** Refuses a size that a header promises, before memory is taken for it. */
  void requireSize(long width, long height) {
    if (width < 1 || height < 1) {
      throw new ImageException("%s: expected a picture, but its size is %d x %d".formatted(name, width, height));
    }
    if (width > limits.maxSide() || height > limits.maxSide() || width * height > limits.maxPixels()) {
      throw new ImageTooLargeException("%s: %d x %d pixels exceed the limits of %d pixels and %d per side"
          .formatted(name, width, height, limits.maxPixels(), limits.maxSide()));
    }
  }
}
