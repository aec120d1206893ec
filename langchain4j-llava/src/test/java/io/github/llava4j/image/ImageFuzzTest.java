package io.github.llava4j.image;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import com.sun.management.ThreadMXBean;
import io.github.llava4j.ImageException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Damaged files give a picture or an {@link ImageException}, in bounded memory and time. */
@Timeout(60)
class ImageFuzzTest {

  private static final int MUTATIONS = 40;
  private static final int TRUNCATIONS = 25;
  private static final long MOST_ALLOCATED = 200L << 20;
  private static final ImageLoader LOADER = ImageLoader.builder()
      .limits(new ImageLimits(1_000_000, 1_000_000, 2000, EnumSet.allOf(ImageKind.class))).build();
  // Metadata may stand behind the pixels, and be cut off alone.
  private static final ImageLoader AS_STORED = ImageLoader.builder().limits(LOADER.limits()).orient(false).build();
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  static List<Path> pictures() {
    return Fixtures.encoded();
  }

  @ParameterizedTest
  @MethodSource("pictures")
  void mutations(Path file) {
    byte[] whole = Fixtures.bytes(file);
    Random random = new Random(whole.length);
    for (int round = 0; round < MUTATIONS; round++) {
      byte[] damaged = whole.clone();
      // Headers are where the harm is done; half of the rounds stay there.
      int range = round % 2 == 0 ? Math.min(damaged.length, 200) : damaged.length;
      for (int n = 1 + random.nextInt(4); n > 0; n--) {
        damaged[random.nextInt(range)] = (byte) (random.nextBoolean() ? random.nextInt() : -random.nextInt(2));
      }
      load(LOADER, damaged);
    }
  }

  /** Half a picture is never taken for a whole one. */
  @ParameterizedTest
  @MethodSource("pictures")
  void truncations(Path file) {
    byte[] whole = Fixtures.bytes(file);
    Picture expected = load(AS_STORED, whole);
    Random random = new Random(whole.length);
    for (int length : Stream.concat(Stream.of(whole.length - 1, whole.length - 2, whole.length - 9),
        Stream.generate(() -> random.nextInt(whole.length)).limit(TRUNCATIONS)).toList()) {
      Picture cut = load(AS_STORED, Arrays.copyOf(whole, length));
      if (cut != null) {
        assertThat(cut).as("%s cut to %d of %d bytes", file.getFileName(), length, whole.length).isEqualTo(expected);
      }
    }
  }

  /** The picture, or null if it was refused properly. */
  private static Picture load(ImageLoader loader, byte[] encoded) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      return loader.load(new ImageSource.Bytes(encoded, "damaged"));
    } catch (ImageException e) {
      assertThat(e).hasMessageStartingWith("damaged: ");
      return null;
    } finally {
      assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST_ALLOCATED);
    }
  }
}
