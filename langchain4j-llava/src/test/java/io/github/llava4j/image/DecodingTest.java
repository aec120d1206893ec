package io.github.llava4j.image;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Every kind of file that Pillow reads in its own way, against the pixels that Pillow made of it (make.py). */
class DecodingTest {

  static Stream<Path> pictures() {
    return Stream.of("pictures", "pictures/variants").flatMap(folder -> Fixtures.list(folder, ".expected.png").stream());
  }

  @ParameterizedTest
  @MethodSource("pictures")
  void equalsPillow(Path expected) {
    String name = expected.getFileName().toString().replace(".expected.png", "");

    Picture picture = Fixtures.load(expected.resolveSibling(name));
    Picture reference = Fixtures.load(expected);

    assertThat(picture.width()).isEqualTo(reference.width());
    assertThat(picture.height()).isEqualTo(reference.height());
    assertThat(Arrays.mismatch(picture.rgb(), reference.rgb())).as("first byte that differs").isEqualTo(-1);
  }

  @Test
  void orientationCanBeLeftAlone() {
    Path turned = Fixtures.path("pictures/exif6.jpg");

    Picture upright = Fixtures.load(turned);
    Picture stored = new ImageLoader(ImageLimits.DEFAULT, false, Set.of()).load(new ImageSource.File(turned));

    assertThat(stored.width()).isEqualTo(upright.height());
    assertThat(stored).isEqualTo(Fixtures.load(Fixtures.path("pictures/exif1.jpg")));
  }
}
