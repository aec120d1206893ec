package io.github.llava4j.langchain4j;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

import dev.langchain4j.data.image.Image;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.Response;
import io.github.llava4j.constraint.Constraint;
import io.github.llava4j.engine.EngineOptions;
import io.github.llava4j.engine.LlavaEngine;
import io.github.llava4j.image.ImageLoader;
import io.github.llava4j.image.ImageSource;
import io.github.llava4j.image.Picture;
import io.github.llava4j.langchain4j.LlavaImageModel.Format;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LlavaImageModelTest {

  /** A model with random weights: what it draws is nonsense, but a drawing. */
  private static final LlavaEngine RANDOM = Goldens.open(EngineOptions.builder(Goldens.model(Goldens.VICUNA)));
  private static final int LEAST = Constraint.of(SvgGrammar.any(), RANDOM.tokenTable()).leastTokens();
  private static final int WIDTH = 60;
  private static final int HEIGHT = 40;

  @AfterAll
  static void close() {
    RANDOM.close();
  }

  private static LlavaImageModel.Builder builder() {
    return LlavaImageModel.builder().engine(RANDOM).maxOutputTokens(LEAST + 100);
  }

  private static String text(Image image) {
    return new String(data(image), StandardCharsets.UTF_8);
  }

  private static byte[] data(Image image) {
    return Base64.getDecoder().decode(image.base64Data());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 10, 40, 100, 300})
  void everyModelDrawsWithinItsTokens(int more) {
    int maxTokens = LEAST + more;
    for (double temperature : new double[] {0, 1.5}) {
      LlavaImageModel model = builder().maxOutputTokens(maxTokens).temperature(temperature).seed(7L).build();
      Response<Image> drawn = model.generate("a house");
      assertThat(drawn.content().mimeType()).isEqualTo("image/svg+xml");
      assertThat(SvgDocument.in(text(drawn.content()))).isEqualTo(text(drawn.content()));
      assertThat(drawn.content().revisedPrompt()).isEqualTo(text(drawn.content()));
      assertThat(drawn.tokenUsage().outputTokenCount()).isBetween(1, maxTokens);
    }
  }

  @Test
  void tooFewTokensForAnyDrawingAreRefused() {
    LlavaImageModel model = builder().maxOutputTokens(LEAST - 1).build();
    assertThatThrownBy(() -> model.generate("a house")).isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("" + LEAST);
  }

  @Test
  void drawsPngInTheSizeOfTheDrawing() throws IOException {
    Response<Image> drawn = builder().format(Format.PNG).build().generate("a house");
    assertThat(drawn.content().mimeType()).isEqualTo("image/png");
    BufferedImage image = PngImages.read(data(drawn.content()), "the drawing");
    assertThat(drawn.content().revisedPrompt()).startsWith("<svg").contains("\"" + image.getWidth() + "\"")
        .contains("\"" + image.getHeight() + "\"");
  }

  @Test
  void drawsSeveralWithDifferentSeeds() {
    LlavaImageModel model = builder().temperature(1.5).seed(1L).build();
    Response<List<Image>> drawn = model.generate("a house", 3);
    assertThat(drawn.content()).hasSize(3).extracting(LlavaImageModelTest::text).doesNotHaveDuplicates();
    assertThat(text(drawn.content().getFirst())).isEqualTo(text(model.generate("a house").content()));
  }

  @Test
  void drawsOnceWhereNothingIsRandom() {
    LlavaImageModel model = builder().build();
    Response<List<Image>> drawn = model.generate("a house", 3);
    assertThat(drawn.content()).hasSize(3).extracting(LlavaImageModelTest::text).containsOnly(text(drawn.content().getFirst()));
    assertThat(drawn.tokenUsage().outputTokenCount())
        .isEqualTo(model.generate("a house").tokenUsage().outputTokenCount());
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 17})
  void drawsOnlySoMany(int n) {
    assertThatThrownBy(() -> builder().build().generate("a house", n)).isInstanceOf(InvalidRequestException.class)
        .hasMessage("n must be from 1 to 16, not " + n);
  }

  @Test
  void editsInTheSizeOfThePicture() {
    Response<Image> edited = builder().format(Format.PNG).build().edit(picture(WIDTH, HEIGHT), "Put a box around it");
    assertThat(edited.content().revisedPrompt()).startsWith(Overlay.start(WIDTH, HEIGHT));
    BufferedImage image = PngImages.read(data(edited.content()), "the picture");
    assertThat(image.getWidth()).isEqualTo(WIDTH);
    assertThat(image.getHeight()).isEqualTo(HEIGHT);
    assertThat(edited.tokenUsage().inputTokenCount()).isGreaterThan(
        builder().build().generate("Put a box around it").tokenUsage().inputTokenCount());
  }

  @Test
  void embedsThePictureInSvg() {
    Image edited = builder().build().edit(picture(WIDTH, HEIGHT), "Put a box around it.").content();
    String start = Overlay.start(WIDTH, HEIGHT);
    assertThat(text(edited)).startsWith(start + "<image width=\"60\" height=\"40\" href=\"data:image/png;base64,")
        .endsWith(edited.revisedPrompt().substring(start.length()));
  }

  @Test
  void drawsOnlyWhereTheMaskAllows() {
    String svg = Overlay.start(WIDTH, HEIGHT) + "<rect width=\"60\" height=\"40\" fill=\"#00ff00\"/></svg>";
    BufferedImage mask = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_ARGB);
    fill(mask, Color.BLACK, 0, 0, WIDTH, HEIGHT);
    for (int x = 10; x < 20; x++) {
      mask.setRGB(x, 5, 0);
    }
    EditMask area = mask(mask);
    assertThat(area.inWords()).isEqualTo("Draw only where x is from 10 to 20 and y from 5 to 6.");

    BufferedImage edited = PngImages.read(
        new Overlay(decoded(), area, svg).png(), "edited");
    assertThat(edited.getRGB(10, 5)).isEqualTo(Color.GREEN.getRGB());
    assertThat(edited.getRGB(19, 5)).isEqualTo(Color.GREEN.getRGB());
    assertThat(edited.getRGB(9, 5)).isEqualTo(Color.WHITE.getRGB());
    assertThat(edited.getRGB(20, 5)).isEqualTo(Color.WHITE.getRGB());
    assertThat(edited.getRGB(10, 4)).isEqualTo(Color.WHITE.getRGB());
    assertThat(new String(new Overlay(decoded(), area, svg).embedded(), StandardCharsets.UTF_8))
        .contains("<mask ").contains("<g mask=\"url(#").endsWith("<rect width=\"60\" height=\"40\" fill=\"#00ff00\"/></g></svg>");
  }

  @Test
  void whiteIsEditedInAMaskWithoutTransparency() {
    BufferedImage mask = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    fill(mask, Color.WHITE, 30, 0, 10, 8);
    assertThat(mask(mask).inWords()).isEqualTo("Draw only where x is from 30 to 40 and y from 0 to 8.");
    Image edited = builder().build().edit(picture(WIDTH, HEIGHT), image(mask), "Put a box around it").content();
    assertThat(text(edited)).contains("<mask ");
  }

  @Test
  void masksThatDoNotFitAreRefused() {
    LlavaImageModel model = builder().build();
    Image picture = picture(WIDTH, HEIGHT);
    assertThatThrownBy(() -> model.edit(picture, picture(WIDTH, WIDTH), "x")).isInstanceOf(InvalidRequestException.class)
        .hasMessage("the mask is 60 x 60 pixels, but the picture is 60 x 40; give them the same size");
    Image black = image(new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB));
    assertThatThrownBy(() -> model.edit(picture, black, "x")).isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("leaves nothing to edit");
  }

  @Test
  void picturesThatCannotBeEditedAreRefused() {
    LlavaImageModel model = builder().build();
    assertThatThrownBy(() -> model.edit(picture(5000, 10), "x")).isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("the image: 5000 x 10 pixels exceed the limits of 4096 per side");
    Image noise = Image.builder().base64Data("AAAA").build();
    assertThatThrownBy(() -> model.edit(noise, "x")).isInstanceOf(InvalidRequestException.class);
    Image file = Image.builder().url("file:///etc/passwd").build();
    assertThatThrownBy(() -> model.edit(file, "x")).isInstanceOf(UnsupportedFeatureException.class);
  }

  @Test
  void refusesSettingsThatMakeNoSense() {
    assertThatThrownBy(() -> builder().stopSequences(List.of("x")).build())
        .isInstanceOf(UnsupportedFeatureException.class).hasMessageContaining("stopSequences not supported");
  }

  @Test
  void saysWhichLibraryIsMissing() throws Exception {
    ClassLoader without = new ClassLoader(getClass().getClassLoader()) {
      @Override
      protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (name.startsWith("com.github.weisj.")) {
          throw new ClassNotFoundException(name);
        }
        if (name.equals(PngImages.class.getName())) {
          try (InputStream bytes = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            byte[] code = bytes.readAllBytes();
            return defineClass(name, code, 0, code.length);
          } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
          }
        }
        return super.loadClass(name, resolve);
      }
    };
    var check = Class.forName(PngImages.class.getName(), true, without).getDeclaredMethod("requireRenderer");
    check.setAccessible(true);
    assertThatThrownBy(() -> check.invoke(null)).cause().isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("com.github.weisj:jsvg:2.1.0");
  }

  @Test
  void drawingsThatCannotBeReadOrAreTooLargeAreErrors() {
    assertThatThrownBy(() -> SvgRenderer.draw("<svg")).hasMessageContaining("jsvg does not read it");
    assertThatThrownBy(() -> SvgRenderer.draw("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9000\" height=\"9000\"/>"))
        .isInstanceOf(InvalidRequestException.class).hasMessageContaining("9000 x 9000 pixels exceed");
  }

  @Test
  void saysWhenTheDrawingWasClosed() {
    assertThat(builder().maxOutputTokens(LEAST).build().generate("a house").finishReason()).isEqualTo(FinishReason.LENGTH);
  }

  private static EditMask mask(BufferedImage mask) {
    return EditMask.of(ImageLoader.DEFAULT.open(
        ImageSource.ofBase64(image(mask).base64Data(), "the mask")), WIDTH, HEIGHT);
  }

  private static Picture decoded() {
    return ImageLoader.DEFAULT.load(
        ImageSource.ofBase64(picture(WIDTH, HEIGHT).base64Data(), "the picture"));
  }

  private static Image picture(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    fill(image, Color.WHITE, 0, 0, width, height);
    return image(image);
  }

  private static void fill(BufferedImage image, Color color, int x, int y, int width, int height) {
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(color);
    graphics.fillRect(x, y, width, height);
    graphics.dispose();
  }

  private static Image image(BufferedImage image) {
    return Image.builder().base64Data(Base64.getEncoder().encodeToString(PngImages.write(image))).mimeType("image/png").build();
  }
}
