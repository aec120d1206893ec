package io.github.llava4j.langchain4j;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

import io.github.llava4j.image.Picture;
import org.jspecify.annotations.Nullable;

/**
 * A drawing over a picture of the same size.
 *
 * @param mask where the drawing is seen; null for everywhere
 * @param svg begins with {@link #start}
 */
record Overlay(Picture picture, @Nullable EditMask mask, String svg) {

  private static final String END = "</svg>";
  /** Longer than any name that {@link SvgGrammar} lets a model write. */
  private static final String MASK_ID = "llava4j-what-may-be-drawn-over";

  /** The tag with which a drawing over a picture of that size begins. */
  static String start(int width, int height) {
    return "<svg xmlns=\"%s\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">"
        .formatted(SvgDocument.NAMESPACE, width, height, width, height);
  }

  /** A document that has the picture in itself, under the drawing. */
  byte[] embedded() {
    String start = start(picture.width(), picture.height());
    String drawn = svg.substring(start.length(), svg.length() - END.length());
    StringBuilder document = new StringBuilder(start);
    document.append(image(PngImages.of(picture)));
    if (mask == null) {
      document.append(drawn);
    } else {
      document.append("<mask id=\"").append(MASK_ID).append("\" maskUnits=\"userSpaceOnUse\" x=\"0\" y=\"0\" width=\"")
          .append(picture.width()).append("\" height=\"").append(picture.height()).append("\">")
          .append(image(mask.image())).append("</mask><g mask=\"url(#").append(MASK_ID).append(")\">").append(drawn).append("</g>");
    }
    return document.append(END).toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String image(BufferedImage image) {
    return "<image width=\"%d\" height=\"%d\" href=\"data:%s;base64,%s\"/>".formatted(
        image.getWidth(), image.getHeight(), PngImages.TYPE, Base64.getEncoder().encodeToString(PngImages.write(image)));
  }

  byte[] png() {
    BufferedImage drawing = SvgRenderer.draw(svg, picture.width(), picture.height());
    if (mask != null) {
      mask.apply(drawing);
    }
    BufferedImage image = PngImages.of(picture);
    Graphics2D graphics = image.createGraphics();
    graphics.drawImage(drawing, 0, 0, null);
    graphics.dispose();
    return PngImages.write(image);
  }
}
