package io.github.llava4j.langchain4j;

import java.awt.image.BufferedImage;

import dev.langchain4j.exception.InvalidRequestException;
import io.github.llava4j.image.EncodedPicture;
import io.github.llava4j.image.ImageKind;

/**
 * Where a picture may be drawn over.
 *
 * @param weights of each pixel, row by row: 0 stays as it is, 255 is drawn over
 */
record EditMask(int width, int height, byte[] weights) {

  /**
   * Reads a mask: transparent is edited, or white if nothing is transparent.
   *
   * @throws InvalidRequestException if it has not the given size, or leaves nothing to edit
   */
  static EditMask of(EncodedPicture encoded, int width, int height) {
    if (encoded.width() != width || encoded.height() != height) {
      throw new InvalidRequestException("the mask is %d x %d pixels, but the picture is %d x %d; give them the same size"
          .formatted(encoded.width(), encoded.height(), width, height));
    }
    BufferedImage image = encoded.kind() == ImageKind.PNG
        ? PngImages.read(encoded.encoded(), encoded.name())
        : PngImages.of(encoded.decode());
    if (image.getWidth() != width || image.getHeight() != height) {
      throw new InvalidRequestException(
          "the mask is turned by an orientation mark; give it upright, in the picture's size of %d x %d".formatted(width, height));
    }
    int[] argb = image.getRGB(0, 0, width, height, null, 0, width);
    boolean transparent = false;
    for (int pixel : argb) {
      transparent |= pixel >>> 24 != 255;
    }
    byte[] weights = new byte[argb.length];
    boolean any = false;
    for (int i = 0; i < argb.length; i++) {
      int weight = transparent ? 255 - (argb[i] >>> 24) : brightness(argb[i]);
      weights[i] = (byte) weight;
      any |= weight > 0;
    }
    if (!any) {
      throw new InvalidRequestException(
          "the mask leaves nothing to edit: make transparent what may be drawn over, or white in a mask without transparency");
    }
    return new EditMask(width, height, weights);
  }

  private static int brightness(int rgb) {
    int weighted = 299 * (rgb >> 16 & 0xFF) + 587 * (rgb >> 8 & 0xFF) + 114 * (rgb & 0xFF);
    return (weighted + 500) / 1000;
  }

  /** Takes away from the drawing what the mask does not allow. */
  void apply(BufferedImage drawing) {
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int pixel = drawing.getRGB(x, y);
        int alpha = ((pixel >>> 24) * weight(x, y) + 127) / 255;
        drawing.setRGB(x, y, alpha << 24 | pixel & 0xFFFFFF);
      }
    }
  }

  private int weight(int x, int y) {
    return weights[y * width + x] & 0xFF;
  }

  /** As SVG wants masks: white where there is drawn. */
  BufferedImage image() {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setDataElements(0, 0, width, height, weights);
    return image;
  }

  /** The box around all that is edited, for the model. */
  String inWords() {
    int left = width;
    int right = -1;
    int top = height;
    int bottom = -1;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        if (weight(x, y) > 0) {
          left = Math.min(left, x);
          right = Math.max(right, x);
          top = Math.min(top, y);
          bottom = y;
        }
      }
    }
    return "Draw only where x is from %d to %d and y from %d to %d.".formatted(left, right + 1, top, bottom + 1);
  }
}
