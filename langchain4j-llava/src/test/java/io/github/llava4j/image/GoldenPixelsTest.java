package io.github.llava4j.image;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.llava4j.testing.Npy;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Pixel values of every golden picture, from the encoded file and from the decoded one: equal in every bit. */
class GoldenPixelsTest {

  static Stream<Arguments> pictures() {
    return Fixtures.CASES.stream().flatMap(c -> Fixtures.list("goldens/" + c + "/expected/images", ".json").stream()
        .map(f -> Arguments.of(c, f.getFileName().toString())));
  }

  @ParameterizedTest
  @MethodSource("pictures")
  void tilesEqualTheReference(String goldenCase, String json) {
    Path folder = Fixtures.path("goldens/" + goldenCase);
    JsonNode expected = Fixtures.json(folder.resolve("expected/images/" + json));
    ImagePreprocessing settings = Fixtures.settings(goldenCase);
    Picture picture = Fixtures.load(folder.resolve(expected.get("file").asText()));

    assertThat(picture).isEqualTo(Fixtures.load(folder.resolve(expected.get("decoded_rgb").asText())));
    assertThat(picture.height()).isEqualTo(expected.get("original_size_hw").get(0).asInt());
    assertThat(picture.width()).isEqualTo(expected.get("original_size_hw").get(1).asInt());
    Tiles tiles = new Preprocessor(settings).tiles(picture);
    assertThat(tiles.count()).isEqualTo(expected.path("num_tiles").asInt(1));
    if (expected.has("best_resolution_hw")) {
      assertThat(tiles.gridRows() * tiles.size()).isEqualTo(expected.get("best_resolution_hw").get(0).asInt());
      assertThat(tiles.gridColumns() * tiles.size()).isEqualTo(expected.get("best_resolution_hw").get(1).asInt());
    }
    Npy pixels = Npy.read(
        folder.resolve("expected/images/" + expected.get("pixel_values").get("file").asText()));
    assertThat(pixels.shape()).containsExactly(tiles.count(), 3, tiles.size(), tiles.size());
    assertThat(Arrays.mismatch(tiles.pixels(), pixels.values())).as("first value that differs").isEqualTo(-1);
    assertThat(AnyRes.tokens(settings, picture.width(), picture.height(), Fixtures.grid(goldenCase)))
        .isEqualTo(expected.get("image_token_count").asInt());
  }

  static Stream<Path> realPictures() {
    return Fixtures.list("goldens/preprocessing/expected", ".json").stream();
  }

  @ParameterizedTest
  @MethodSource("realPictures")
  void realSettingsEqualTheReference(Path json) {
    JsonNode expected = Fixtures.json(json);
    Picture picture = Fixtures.load(json.resolveSibling("../images/" + expected.get("file").asText()).normalize());
    ImagePreprocessing anyRes = Fixtures.real("llava-v1.6");

    assertStatistics(new Preprocessor(anyRes).tiles(picture), expected.get("llava_next"));
    assertStatistics(new Preprocessor(Fixtures.real("llava-1.5")).tiles(picture), expected.get("llava_1_5"));
    assertThat(AnyRes.tokens(anyRes, picture.width(), picture.height(), 24))
        .isEqualTo(expected.get("image_token_count").asInt());
    for (JsonNode point : expected.path("decoded_rgb_stats").path("points_y_x_r_g_b")) {
      int at = 3 * (point.get(0).asInt() * picture.width() + point.get(1).asInt());
      for (int c = 0; c < 3; c++) {
        assertThat(picture.rgb()[at + c] & 0xFF).isEqualTo(point.get(2 + c).asInt());
      }
    }
  }

  private static void assertStatistics(Tiles tiles, JsonNode expected) {
    int size = tiles.size();
    assertThat(tiles.count()).isEqualTo(expected.get("tiles").size());
    for (JsonNode point : expected.get("points")) {
      int plane = point.get(0).asInt() * 3 + point.get(1).asInt();
      assertThat(tiles.pixels()[(plane * size + point.get(2).asInt()) * size + point.get(3).asInt()])
          .isEqualTo((float) point.get(4).asDouble());
    }
    for (int plane = 0; plane < 3 * tiles.count(); plane++) {
      double sum = 0;
      for (int i = 0; i < size * size; i++) {
        sum += tiles.pixels()[plane * size * size + i];
      }
      JsonNode statistics = expected.get("tiles").get(plane / 3).get(plane % 3);
      assertThat(sum).isCloseTo(statistics.get("sum").asDouble(), within(1e-6));
    }
  }
}
