package io.github.llava4j.langchain4j;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Base64;

import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.ImageContent;

/** Small pictures that tests draw. */
final class PictureFixtures {

  private PictureFixtures() {}

  /** White, with a red square in the middle. */
  static ImageContent content(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, width, height);
    graphics.setColor(Color.RED);
    graphics.fillRect(width / 4, height / 4, width / 2, height / 2);
    graphics.dispose();
    return ImageContent.from(Image.builder()
        .base64Data(Base64.getEncoder().encodeToString(PngImages.write(image))).mimeType("image/png").build());
  }
}
