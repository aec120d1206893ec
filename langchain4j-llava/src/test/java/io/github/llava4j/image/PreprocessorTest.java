package io.github.llava4j.image;

import java.time.Duration;
import java.util.List;
import java.util.Random;

import io.github.llava4j.image.ImagePreprocessing.Mode;
import io.github.llava4j.image.ImagePreprocessing.UnpadRounding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class PreprocessorTest {

  /** Bit patterns of the reference's normalisation. */
  @Test
  void normalisesBitForBit() {
    float[] black = preprocessor(Mode.SQUASH, 1, 1).tiles(picture(1, 1, 0, 0, 0)).pixels();
    float[] one = preprocessor(Mode.SQUASH, 1, 1).tiles(picture(1, 1, 1, 1, 1)).pixels();
    float[] middle = preprocessor(Mode.SQUASH, 1, 1).tiles(picture(1, 1, 128, 128, 128)).pixels();
    float[] white = preprocessor(Mode.SQUASH, 1, 1).tiles(picture(1, 1, 255, 255, 255)).pixels();

    assertThat(bits(black)).containsExactly(0xbfe568dc, 0xbfe044b8, 0xbfbd77d8);
    assertThat(bits(one)).containsExactly(0xbfe38a7f, 0xbfde58f1, 0xbfbba5e1);
    assertThat(bits(middle)).containsExactly(0x3d9c5620, 0x3e2cf36b, 0x3eae0dc4);
    assertThat(bits(white)).containsExactly(0x3ff71541, 0x4004cae5, 0x40095660);
  }

  /** Original LLaVA's expand2square, pasted for real. */
  @Test
  void padEqualsPastingOnASquareOfTheMeanColour() {
    Random random = new Random(4);
    for (int[] size : new int[][] {{30, 17}, {17, 30}, {25, 25}, {1, 40}}) {
      Pixels source = Pixels.black(size[0], size[1]);
      random.nextBytes(source.rgb());
      int side = Math.max(size[0], size[1]);
      Pixels square = Pixels.filled(side, side, 122 << 16 | 116 << 8 | 104);
      square.paste(source, (side - size[0]) / 2, (side - size[1]) / 2);

      assertThat(preprocessor(Mode.PAD, 14, 14).tiles(Picture.of(size[0], size[1], source.rgb(), "p")).pixels())
          .containsExactly(
              preprocessor(Mode.SQUASH, 14, 14).tiles(Picture.of(side, side, square.rgb(), "s")).pixels());
    }
  }

  /** transformers' center_crop puts a picture that is too small at ceil((crop - size) / 2). */
  @Test
  void cropLargerThanThePictureIsFilledWithBlack() {
    Tiles tiles = preprocessor(Mode.CROP, 6, 3).tiles(picture(3, 3, 255, 255, 255));

    float black = -1.7922626f;
    float white = 1.9303361f;
    for (int y = 0; y < 6; y++) {
      for (int x = 0; x < 6; x++) {
        boolean inside = x >= 2 && x < 5 && y >= 2 && y < 5;
        assertThat(tiles.pixels()[6 * y + x]).isEqualTo(inside ? white : black);
      }
    }
  }

  /** A picture one pixel high would be 65535 * 336 pixels wide after scaling, or 65535 squared after padding. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  @Timeout(20)
  void thinPicturesCostNoMoreThanOthers(Mode mode) {
    ImagePreprocessing real = Fixtures.real("llava-v1.6");
    Preprocessor preprocessor = new Preprocessor(new ImagePreprocessing(mode, 336, 336,
        mode == Mode.ANYRES ? real.pinpoints() : List.of(), UnpadRounding.ROUND_7, real.mean(), real.std()));
    int side = ImageLimits.DEFAULT.maxSide();

    assertThat(preprocessor.tiles(Picture.of(side, 1, new byte[3 * side], "wide")).count()).isPositive();
    assertThat(preprocessor.tiles(Picture.of(1, side, new byte[3 * side], "tall")).count()).isPositive();
  }

  @Test
  void aPhotoTakesWellUnderASecond() {
    Picture photo = Picture.of(4032, 3024, new byte[3 * 4032 * 3024], "12 megapixels");
    Preprocessor preprocessor = new Preprocessor(Fixtures.real("llava-v1.6"));
    preprocessor.tiles(photo);

    long start = System.nanoTime();
    preprocessor.tiles(photo);

    // Canvas and overview; about 0.4 s on two cores, with room for a busy machine.
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
  }

  private static Preprocessor preprocessor(Mode mode, int tileSize, int shortestEdge) {
    return new Preprocessor(new ImagePreprocessing(mode, tileSize, shortestEdge, List.of(), UnpadRounding.ROUND_7,
        ImagePreprocessing.clipMean(), ImagePreprocessing.clipStd()));
  }

  private static Picture picture(int width, int height, int red, int green, int blue) {
    return Picture.of(width, height, Pixels.filled(width, height, red << 16 | green << 8 | blue).rgb(), "plain");
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }
}
