package io.github.llava4j.langchain4j;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;

import com.github.weisj.jsvg.SVGDocument;
import com.github.weisj.jsvg.parser.DocumentLimits;
import com.github.weisj.jsvg.parser.LoaderContext;
import com.github.weisj.jsvg.parser.SVGLoader;
import com.github.weisj.jsvg.parser.resources.ResourcePolicy;
import com.github.weisj.jsvg.renderer.NullPlatformSupport;
import com.github.weisj.jsvg.view.ViewBox;
import dev.langchain4j.exception.InternalServerException;
import org.jspecify.annotations.Nullable;

/**
 * Draws SVG as pixels with jsvg, an optional dependency: to be touched only behind {@link PngImages#requireRenderer}. Nothing
 * is loaded from anywhere, and sizes are bounded.
 */
final class SvgRenderer {

  private SvgRenderer() {}

  /** The document on nothing, in its own size. */
  static BufferedImage draw(String svg) {
    SVGDocument document = load(svg);
    int width = Math.max(1, (int) Math.ceil(document.size().getWidth()));
    int height = Math.max(1, (int) Math.ceil(document.size().getHeight()));
    return draw(document, width, height);
  }

  /** The document on nothing, in a given size. */
  static BufferedImage draw(String svg, int width, int height) {
    return draw(load(svg), width, height);
  }

  private static SVGDocument load(String svg) {
    LoaderContext context = LoaderContext.builder()
        .externalResourcePolicy(ResourcePolicy.DENY_ALL)
        .documentLimits(new DocumentLimits(20, 5, 200))
        .build();
    @Nullable SVGDocument document =
        new SVGLoader().load(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)), null, context);
    if (document == null) {
      throw new InternalServerException("the drawing could not be made a picture: jsvg does not read it");
    }
    return document;
  }

  private static BufferedImage draw(SVGDocument document, int width, int height) {
    PngImages.requireSize(width, height, "the drawing");
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
      document.renderWithPlatform(NullPlatformSupport.INSTANCE, graphics, new ViewBox(width, height));
    } catch (RuntimeException e) {
      throw new InternalServerException("the drawing could not be made a picture: " + e, e);
    } finally {
      graphics.dispose();
    }
    return image;
  }
}
