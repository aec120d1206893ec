package io.github.llava4j.image.vp8;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

/** Damaged frames; whether whole ones are decoded rightly is for DecodingTest. */
class Vp8FrameTest {

  /** The container of a file that has one chunk only, and the header of this chunk. */
  private static final int CONTAINER = 20;
  private static final int HEADER = 10;
  private static final int MOST_PADDING = 3;

  @Test
  void sizeIsKnownBeforeAnythingIsDecoded() throws IOException {
    byte[] empty = payload("lossy");
    Arrays.fill(empty, HEADER, empty.length, (byte) 0xFF);

    Vp8Frame frame = Vp8Frame.read(empty, 0, empty.length);

    assertThat(frame.width()).isEqualTo(37);
    assertThat(frame.height()).isEqualTo(26);
    assertThatThrownBy(frame::toRgb).isInstanceOf(IOException.class);
  }

  /** What encoders put behind the last bit may be missing, and nothing else. */
  @ParameterizedTest
  @ValueSource(strings = {"lossy", "lossy_one", "lossy_simple", "lossy_sharp", "photo5"})
  void cutsAreRefused(String name) throws IOException {
    byte[] whole = payload(name);
    byte[] expected = decode(whole);

    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      try {
        assertThat(decode(cut)).as("cut to %d", length).isEqualTo(expected);
        assertThat(length).isGreaterThanOrEqualTo(whole.length - MOST_PADDING);
      } catch (EOFException e) {
        assertThat(e).hasMessageMatching("the picture ends .*|a partition of the picture is missing");
      }
    }
  }

  /** Nothing but an IOException is thrown. */
  @ParameterizedTest
  @ValueSource(strings = {"lossy", "lossy_simple", "lossy_sharp"})
  void damageIsRefusedOrHarmless(String name) throws IOException {
    byte[] whole = payload(name);
    Random random = new Random(1);
    for (int round = 0; round < 500; round++) {
      byte[] damaged = whole.clone();
      // Not the size; all of the rest.
      for (int i = 0; i < 3; i++) {
        damaged[HEADER + random.nextInt(round % 2 == 0 ? 40 : whole.length - HEADER)] = (byte) random.nextInt();
      }
      Throwable thrown = catchThrowable(() -> decode(damaged));
      if (thrown != null) {
        assertThat(thrown).isInstanceOf(IOException.class);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
      "0, 1, expected a key frame",
      "0, 8, expected a key frame",
      "0, 16, expected a key frame",
      "3, 255, expected the start code",
      "10, 255, begins like nothing that can be coded"
  })
  void otherHeadersAreRefused(int at, int flipped, String message) throws IOException {
    byte[] damaged = payload("lossy");
    damaged[at] = (byte) (at == HEADER ? flipped : damaged[at] ^ flipped);

    assertThatThrownBy(() -> decode(damaged)).isInstanceOf(IOException.class).hasMessageContaining(message);
  }

  @Test
  void emptyPicturesAreRefused() throws IOException {
    byte[] damaged = payload("lossy");
    damaged[6] = 0;
    damaged[7] = 0;

    assertThatThrownBy(() -> decode(damaged)).isInstanceOf(IOException.class).hasMessageContaining("0 x 26");
  }

  private static byte[] decode(byte[] frame) throws IOException {
    return Vp8Frame.read(frame, 0, frame.length).toRgb();
  }

  private static byte[] payload(String name) throws IOException {
    try (InputStream in = Vp8FrameTest.class.getResourceAsStream("/pictures/" + name + ".webp")) {
      byte[] file = in.readAllBytes();
      return Arrays.copyOfRange(file, CONTAINER, file.length - file[16] % 2);
    }
  }
}
