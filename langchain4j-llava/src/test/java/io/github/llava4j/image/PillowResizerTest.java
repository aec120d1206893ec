package io.github.llava4j.image;

import java.util.Random;
import java.util.zip.CRC32;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class PillowResizerTest {

  /** Checksums made with Pillow. */
  @ParameterizedTest
  @CsvSource({
      "8, 6, 1c6d9d49, 4, 3, f8b129b2",
      "4, 3, d66be3e7, 7, 5, 5c77ff04",
      "640, 480, 978fb450, 672, 504, ec0a12d2",
      "640, 480, 978fb450, 336, 336, d44edf03",
      "1920, 1080, f1f68a92, 672, 378, 8497180d",
      "300, 200, 22f73ec4, 504, 336, 4488c37e"
  })
  void equalsPillow(int width, int height, String sourceCrc, int toWidth, int toHeight, String resultCrc) {
    Pixels source = pattern(width, height);

    assertThat(crc(source)).isEqualTo(sourceCrc);
    assertThat(crc(PillowResizer.resize(source, toWidth, toHeight))).isEqualTo(resultCrc);
  }

  @Test
  void windowIsPartOfTheWhole() {
    Random random = new Random(1);
    for (int round = 0; round < 200; round++) {
      Pixels source = noise(random, 1 + random.nextInt(40), 1 + random.nextInt(40));
      int width = 1 + random.nextInt(50);
      int height = 1 + random.nextInt(50);
      int left = random.nextInt(width);
      int top = random.nextInt(height);
      PillowResizer.Window window = new PillowResizer.Window(
          left, top, 1 + random.nextInt(width - left), 1 + random.nextInt(height - top));

      Pixels whole = PillowResizer.resize(source, width, height);
      Pixels part = PillowResizer.resize(source, PillowResizer.Frame.none(source), width, height, window);

      Pixels pasted = new Pixels(width, height, whole.rgb().clone());
      pasted.paste(part, left, top);
      assertThat(pasted.rgb()).containsExactly(whole.rgb());
    }
  }

  @Test
  void frameEqualsPastingFirst() {
    Random random = new Random(2);
    for (int round = 0; round < 200; round++) {
      Pixels source = noise(random, 1 + random.nextInt(60), 1 + random.nextInt(60));
      int side = Math.max(source.width(), source.height());
      int left = (side - source.width()) / 2;
      int top = (side - source.height()) / 2;
      int size = 1 + random.nextInt(80);
      Pixels square = Pixels.filled(side, side, 122 << 16 | 116 << 8 | 104);
      square.paste(source, left, top);

      Pixels framed = PillowResizer.resize(source,
          new PillowResizer.Frame(left, top, side, side, new int[] {122, 116, 104}), size, size,
          new PillowResizer.Window(0, 0, size, size));

      assertThat(framed.rgb()).containsExactly(PillowResizer.resize(square, size, size).rgb());
    }
  }

  private static Pixels noise(Random random, int width, int height) {
    Pixels pixels = Pixels.black(width, height);
    random.nextBytes(pixels.rgb());
    return pixels;
  }

  private static Pixels pattern(int width, int height) {
    Pixels pixels = Pixels.black(width, height);
    for (int y = 0, i = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        pixels.rgb()[i++] = (byte) (7 * x + 13 * y);
        pixels.rgb()[i++] = (byte) (x * x + 3 * y);
        pixels.rgb()[i++] = (byte) (255 - (5 * x ^ 11 * y));
      }
    }
    return pixels;
  }

  private static String crc(Pixels pixels) {
    CRC32 crc = new CRC32();
    crc.update(pixels.rgb());
    return "%08x".formatted(crc.getValue());
  }
}
