package io.github.llava4j.image;

import java.util.Random;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.llava4j.config.PreprocessingConfig;
import io.github.llava4j.image.ImagePreprocessing.Canvas;
import io.github.llava4j.image.ImagePreprocessing.Mode;
import io.github.llava4j.image.ImagePreprocessing.UnpadRounding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class AnyResTest {

  private static final int GRID = 24;
  private static final ImagePreprocessing HF = Fixtures.real("llava-v1.6");
  private static final ImagePreprocessing ORIGINAL = PreprocessingConfig.original(MissingNode.getInstance(), Fixtures.json("""
      {'image_aspect_ratio': 'anyres', 'mm_patch_merge_type': 'spatial_unpad',
       'image_grid_pinpoints': [[336, 672], [672, 336], [672, 672], [1008, 336], [336, 1008]]}"""), 336, "config.json");

  @Test
  void fourHundredSizesEqualHuggingFace() {
    JsonNode sizes = Fixtures.json(Fixtures.path("goldens/preprocessing/sizes.json"));
    assertThat(sizes).hasSize(400);
    ImagePreprocessing older = new ImagePreprocessing(Mode.ANYRES, HF.tileSize(), HF.shortestEdge(), HF.pinpoints(),
        UnpadRounding.TRUNCATE, HF.mean(), HF.std());
    for (JsonNode size : sizes) {
      int width = size.get("w").asInt();
      int height = size.get("h").asInt();
      int tokens = size.get("image_token_count").asInt();
      Canvas canvas = AnyRes.bestCanvas(width, height, HF.pinpoints());

      assertThat(canvas).as(size.toString())
          .isEqualTo(new Canvas(size.get("best_w").asInt(), size.get("best_h").asInt()));
      assertThat(1 + canvas.width() * canvas.height() / (336 * 336)).isEqualTo(size.get("num_tiles").asInt());
      assertThat(AnyRes.tokens(HF, width, height, GRID)).as(size.toString()).isEqualTo(tokens);
      assertThat(AnyRes.tokens(older, width, height, GRID)).as("v4.45.1 " + size)
          .isEqualTo(size.path("packed_count_v4_45_1").asInt(tokens));
    }
  }

  /** The table of the specification, made with the original's and Hugging Face's own functions. */
  @ParameterizedTest
  @CsvSource({
      "640, 480, 672, 504, 2340, 2340",
      "480, 640, 504, 672, 2352, 2352",
      "500, 375, 672, 505, 2340, 2340",
      "1280, 720, 672, 378, 1948, 1948",
      "1024, 899, 672, 590, 2634, 2634",
      "1000, 250, 1008, 252, 1890, 1890",
      "2000, 300, 1008, 152, 1306, 1306",
      "320, 240, 336, 252, 1026, 1368",
      "240, 320, 336, 448, 1376, 1032",
      "300, 200, 336, 225, 976, 1464",
      "200, 300, 336, 504, 1476, 984",
      "336, 336, 336, 336, 1176, 1176",
      "10, 1000, 11, 1008, 648, 648",
      "1000, 10, 1008, 11, 576, 576",
      "47, 1128, 42, 1008, 792, 936",
      "352, 748, 336, 714, 1826, 1876",
      "410, 1968, 210, 1008, 1656, 1800",
      "984, 205, 1008, 210, 1598, 1744"
  })
  void originalAndHuggingFaceDiffer(int width, int height, int scaledWidth, int scaledHeight, int original, int hf) {
    Canvas canvas = AnyRes.bestCanvas(width, height, ORIGINAL.pinpoints());

    assertThat(AnyRes.scaledSize(width, height, canvas)).isEqualTo(new Canvas(scaledWidth, scaledHeight));
    assertThat(AnyRes.tokens(ORIGINAL, width, height, GRID)).isEqualTo(original);
    assertThat(AnyRes.tokens(HF, width, height, GRID)).isEqualTo(hf);
  }

  @Test
  void tiesGoToTheFirstOfTheList() {
    assertThat(AnyRes.bestCanvas(100, 100, ORIGINAL.pinpoints())).isEqualTo(new Canvas(336, 672));
    assertThat(AnyRes.bestCanvas(100, 100, HF.pinpoints())).isEqualTo(new Canvas(672, 336));
  }

  @Test
  void tokensAreWhatMergingYields() {
    Random random = new Random(3);
    ImagePreprocessing settings = Fixtures.settings("next-vicuna");
    Preprocessor preprocessor = new Preprocessor(settings);
    int grid = Fixtures.grid("next-vicuna");
    for (int round = 0; round < 500; round++) {
      int width = 1 + random.nextInt(random.nextBoolean() ? 12 : 200);
      int height = 1 + random.nextInt(random.nextBoolean() ? 12 : 200);
      Picture picture = Picture.of(width, height, new byte[3 * width * height], "random");

      Tiles tiles = preprocessor.tiles(picture);
      AnyRes.Kept kept = tiles.kept(grid, settings.unpadRounding());

      assertThat(tiles.count()).isEqualTo(1 + tiles.gridColumns() * tiles.gridRows());
      assertThat(tiles.pixels()).hasSize(tiles.count() * 3 * tiles.size() * tiles.size());
      assertThat(kept.firstRow()).isNotNegative();
      assertThat(kept.firstColumn()).isNotNegative();
      assertThat(kept.firstRow() + kept.rows()).isBetween(0, tiles.gridRows() * grid);
      assertThat(kept.firstColumn() + kept.columns()).isBetween(0, tiles.gridColumns() * grid);
      assertThat(AnyRes.tokens(settings, width, height, grid))
          .isEqualTo(grid * grid + kept.featuresWithNewlines());
      assertThat(preprocessor.overview(picture).count()).isEqualTo(1);
    }
  }

  @Test
  void otherModesTakeOneTile() {
    assertThat(AnyRes.tokens(Fixtures.real("llava-1.5"), 4000, 30, GRID)).isEqualTo(576);
  }
}
