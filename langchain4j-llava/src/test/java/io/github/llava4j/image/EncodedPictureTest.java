package io.github.llava4j.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;

import com.sun.management.ThreadMXBean;
import io.github.llava4j.ImageException;
import io.github.llava4j.InsufficientMemoryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Sizes come from headers alone, and hold for the pixels. */
class EncodedPictureTest {

  private static final ImageLoader AS_STORED = new ImageLoader(ImageLimits.DEFAULT, false, Set.of());
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  static List<Path> pictures() {
    return Fixtures.encoded();
  }

  @ParameterizedTest
  @MethodSource("pictures")
  void sizeOfTheHeaderIsTheSizeOfThePixels(Path file) {
    for (ImageLoader loader : List.of(ImageLoader.DEFAULT, AS_STORED)) {
      EncodedPicture encoded = loader.open(new ImageSource.File(file));
      Picture decoded = encoded.decode();

      assertThat(encoded.width()).isEqualTo(decoded.width());
      assertThat(encoded.height()).isEqualTo(decoded.height());
      assertThat(encoded.name()).isEqualTo(decoded.name());
      assertThat(encoded.decodingBytes()).isGreaterThanOrEqualTo(3L * decoded.width() * decoded.height());
    }
  }

  @Test
  void identityIsThatOfTheBytesAndTheOrientation() {
    byte[] file = Fixtures.bytes(Fixtures.path("pictures/exif6.jpg"));
    byte[] other = file.clone();
    other[other.length - 3]++;

    EncodedPicture picture = ImageLoader.DEFAULT.open(new ImageSource.Bytes(file, "image 1"));

    assertThat(picture.identity()).matches("[0-9a-f]{64}");
    assertThat(picture).isEqualTo(ImageLoader.DEFAULT.open(new ImageSource.Bytes(file.clone(), "image 2")))
        .isNotEqualTo(AS_STORED.open(new ImageSource.Bytes(file, "image 1")))
        .isNotEqualTo(ImageLoader.DEFAULT.open(new ImageSource.Bytes(other, "image 1")));
    assertThat(picture.kind()).isEqualTo(ImageKind.JPEG);
    assertThat(picture.encoded()).isSameAs(file);
  }

  /** A hundred megapixels in twelve kilobytes cost their twelve kilobytes. */
  @Test
  void openingDecodesNothing() throws IOException {
    byte[] png = onlyOneRow(10_000, 10_000);
    ImageLoader.DEFAULT.open(new ImageSource.Bytes(png, "warm"));
    long before = THREADS.getCurrentThreadAllocatedBytes();

    for (int i = 0; i < 100; i++) {
      assertThat(ImageLoader.DEFAULT.open(new ImageSource.Bytes(png, "image")).width()).isEqualTo(10_000);
    }

    assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(100L * 20_000);
  }

  @Test
  void aPictureThatCannotFitIsNotTried() throws IOException {
    EncodedPicture picture = ImageLoader.DEFAULT.open(new ImageSource.Bytes(onlyOneRow(10_000, 9_000), "huge"));
    long before = THREADS.getCurrentThreadAllocatedBytes();

    assertThatThrownBy(() -> picture.decode(picture.decodingBytes() - 1))
        .isInstanceOf(InsufficientMemoryException.class)
        .hasMessage("not enough heap to decode huge (10000 x 9000, about 360 MB): start java with a larger -Xmx, or"
            + " send a smaller picture");
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(1_000_000);
  }

  /** In a JVM of its own, whose heap is large enough by the estimate but has something else in it. */
  @Test
  void memoryThatRunsOutIsNotThePicturesFault() throws Exception {
    Process java = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx80m", "-cp", System.getProperty("java.class.path"), FullHeap.class.getName())
        .redirectErrorStream(true).start();

    assertThat(new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines())
        .contains("InsufficientMemoryException: not enough heap to decode large (3000 x 3000, about 36 MB): start java"
            + " with a larger -Xmx, or send a smaller picture");
    assertThat(java.waitFor()).isZero();
  }

  /** The program of that JVM. */
  static final class FullHeap {

    public static void main(String[] args) throws IOException {
      EncodedPicture picture = ImageLoader.DEFAULT.open(new ImageSource.Bytes(bilevel(3000, 3000), "large"));
      byte[] other = new byte[60_000_000];
      try {
        picture.decode();
      } catch (InsufficientMemoryException e) {
        System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
      }
      Reference.reachabilityFence(other);
    }
  }

  @Test
  void aHeaderThatIsNotWholeIsRefusedOnOpening() {
    byte[] png = Arrays.copyOf(Fixtures.bytes(Fixtures.path("pictures/rgb.png")), 20);

    assertThatThrownBy(() -> ImageLoader.DEFAULT.open(new ImageSource.Bytes(png, "image 7")))
        .isInstanceOf(ImageException.class)
        .hasMessageStartingWith("image 7: expected a whole PNG picture");
  }

  /** A PNG that promises a size and has one row of pixels. */
  private static byte[] onlyOneRow(int width, int height) throws IOException {
    byte[] png = bilevel(width, 1);
    ByteBuffer.wrap(png).putInt(20, height);
    CRC32 crc = new CRC32();
    crc.update(png, 12, 17);
    ByteBuffer.wrap(png).putInt(29, (int) crc.getValue());
    return png;
  }

  static byte[] bilevel(int width, int height) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_BYTE_BINARY), "png", out);
    return out.toByteArray();
  }
}
