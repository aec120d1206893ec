package io.github.llava4j.mini;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;

import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.Response;
import io.github.llava4j.langchain4j.LlavaChatModel;
import io.github.llava4j.langchain4j.LlavaImageModel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** What a person can see: the model that ships with the project looks at pictures and answers. */
class LlavaMiniTest {

  private static final LlavaChatModel MODEL = LlavaChatModel.builder().build();

  @AfterAll
  static void close() {
    MODEL.close();
  }

  @ParameterizedTest
  @CsvSource({"red, FF0000", "blue, 0000FF", "green, 00A000", "yellow, FFFF00", "black, 000000"})
  void knowsColours(String name, String rgb) {
    ImageContent picture = picture(circle(100, 75, 50), Color.decode("0x" + rgb));

    assertThat(ask(picture, "What color is the circle?")).isEqualTo(name);
    assertThat(ask(picture, "What colour is the circle?")).isEqualTo(name);
  }

  @Test
  void tellsTwoPicturesApart() {
    ImageContent first = picture(circle(100, 75, 50), Color.RED);
    ImageContent second = picture(square(100, 75, 50), Color.BLUE);

    assertThat(ask(first, second, "What color is the shape in the first picture?")).isEqualTo("red");
    assertThat(ask(first, second, "What color is the shape in the second picture?")).isEqualTo("blue");
    assertThat(ask(second, first, "What color is the shape in the first picture?")).isEqualTo("blue");
    assertThat(ask(second, first, "What color is the shape in the second picture?")).isEqualTo("red");
  }

  @Test
  void stillKnowsThePictureInTheSecondTurn() {
    List<ChatMessage> conversation = List.of(
        UserMessage.from(TextContent.from("Which shape is in the picture?"), picture(circle(100, 75, 50), Color.RED)),
        AiMessage.from("circle"),
        UserMessage.from("What color is it?"));

    assertThat(MODEL.chat(conversation).aiMessage().text()).isEqualTo("red");
  }

  @Test
  void answersAsJson() {
    assertThat(ask(picture(circle(100, 75, 50), Color.RED), "Answer as json with shape and color."))
        .isEqualTo("{\"shape\":\"circle\",\"color\":\"red\"}");
  }

  @Test
  void saysWhenItDoesNotKnow() {
    assertThat(ask(picture(circle(100, 75, 50), Color.RED), "What is the capital of France?"))
        .isEqualTo("I do not know.");
  }

  @Test
  void draws() {
    try (LlavaImageModel model = LlavaImageModel.builder().build()) {
      Response<Image> drawn = model.generate("a red circle");

      assertThat(drawn.content().mimeType()).isEqualTo("image/svg+xml");
      String svg = new String(Base64.getDecoder().decode(drawn.content().base64Data()), UTF_8);
      assertThat(svg).startsWith("<svg ").endsWith("</svg>");
      assertThat(svg).contains("<circle cx=\"50\" cy=\"50\" r=\"30\" fill=\"red\"/>");
      assertThat(drawn.finishReason()).isEqualTo(FinishReason.STOP);
      assertThat(drawn.tokenUsage().outputTokenCount()).isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a blue square", "a yellow diamond above a black circle", "a gray triangle", "a green rectangle"})
  void drawsUnderItsGrammarWhatItWritesFreely(String prompt) {
    try (LlavaImageModel model = LlavaImageModel.builder().build()) {
      assertThat(model.generate(prompt).content().revisedPrompt()).isEqualTo(MODEL.chat("Draw " + prompt + " as svg."));
    }
  }

  private static String ask(ImageContent picture, String question) {
    return MODEL.chat(UserMessage.from(picture, TextContent.from(question))).aiMessage().text();
  }

  private static String ask(ImageContent first, ImageContent second, String question) {
    return MODEL.chat(UserMessage.from(first, second, TextContent.from(question))).aiMessage().text();
  }

  private static Shape circle(int x, int y, int r) {
    return new Ellipse2D.Double(x - r, y - r, 2 * r, 2 * r);
  }

  private static Shape square(int x, int y, int r) {
    return new Rectangle2D.Double(x - r, y - r, 2 * r, 2 * r);
  }

  private static ImageContent picture(Shape shape, Color color) {
    BufferedImage image = new BufferedImage(200, 150, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, image.getWidth(), image.getHeight());
    g.setColor(color);
    g.fill(shape);
    g.dispose();
    try (ByteArrayOutputStream png = new ByteArrayOutputStream()) {
      ImageIO.write(image, "png", png);
      return ImageContent.from(Base64.getEncoder().encodeToString(png.toByteArray()), "image/png");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
