package io.github.llava4j.image;

import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.llava4j.CheckpointException;
import io.github.llava4j.config.PreprocessingConfig;
import io.github.llava4j.image.ImagePreprocessing.Canvas;
import io.github.llava4j.image.ImagePreprocessing.Mode;
import io.github.llava4j.image.ImagePreprocessing.UnpadRounding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PreprocessingConfigTest {

  private static final String ORIGINAL =
      "{'image_aspect_ratio': 'anyres', 'mm_patch_merge_type': 'spatial_unpad', 'image_grid_pinpoints': %s}";

  @Test
  void huggingFaceReadsHeightFirst() {
    ImagePreprocessing settings = Fixtures.real("llava-v1.6");

    assertThat(settings.mode()).isEqualTo(Mode.ANYRES);
    assertThat(settings.unpadRounding()).isEqualTo(UnpadRounding.ROUND_7);
    assertThat(settings.pinpoints()).containsExactly(new Canvas(672, 336), new Canvas(336, 672), new Canvas(672, 672),
        new Canvas(336, 1008), new Canvas(1008, 336));
    assertThat(settings.mean()).containsExactly(ImagePreprocessing.clipMean());
    assertThat(settings.std()).containsExactly(ImagePreprocessing.clipStd());
  }

  @Test
  void originalReadsWidthFirst() {
    var config = Fixtures.json(Fixtures.path("goldens/next-vicuna/model-original-llava-format/config.json"));

    ImagePreprocessing settings = PreprocessingConfig.original(MissingNode.getInstance(), config, 28, "config.json");

    assertThat(settings.mode()).isEqualTo(Mode.ANYRES);
    assertThat(settings.unpadRounding()).isEqualTo(UnpadRounding.TRUNCATE);
    assertThat(settings.pinpoints()).startsWith(new Canvas(28, 56), new Canvas(56, 28));
  }

  @ParameterizedTest
  @CsvSource(quoteCharacter = '"', value = {
      "{}, CROP, llava",
      "\"{'size': 336, 'crop_size': 336}\", CROP, llava",
      "\"{'size': {'shortest_edge': 336}, 'crop_size': {'height': 336, 'width': 336}}\", CROP, llava",
      "\"{'size': {'height': 336, 'width': 336}}\", SQUASH, llava",
      "\"{'image_processor_type': 'LlavaImageProcessor', 'do_pad': true}\", PAD, llava",
      "\"{'image_processor_type': 'LlavaImageProcessor'}\", CROP, llava",
      "\"{'image_processor_type': 'LlavaNextImageProcessorFast'}\", ANYRES, llava",
      "\"{'feature_extractor_type': 'CLIPFeatureExtractor', 'image_aspect_ratio': 'pad'}\", PAD, llava",
      "{}, ANYRES, llava_next"
  })
  void huggingFaceProcessors(String processor, Mode expected, String modelType) {
    ImagePreprocessing settings = PreprocessingConfig.huggingFace(
        Fixtures.json(processor), Fixtures.json("{'model_type': '" + modelType + "'}"), 336, "file");

    assertThat(settings.mode()).isEqualTo(expected);
    assertThat(settings.tileSize()).isEqualTo(336);
    assertThat(settings.pinpoints()).hasSize(expected == Mode.ANYRES ? 5 : 0);
  }

  @Test
  void aShorterEdgeOtherThanTheCropIsKept() {
    ImagePreprocessing settings = PreprocessingConfig.huggingFace(
        Fixtures.json("{'size': {'shortest_edge': 384}, 'crop_size': 336}"), Fixtures.json("{}"), 336, "file");

    assertThat(settings.shortestEdge()).isEqualTo(384);
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "{'do_resize': false}",
      "{'do_rescale': false}",
      "{'do_normalize': false}",
      "{'do_center_crop': false}",
      "{'resample': 2}",
      "{'rescale_factor': 1.0}",
      "{'crop_size': 224}",
      "{'crop_size': {'height': 336, 'width': 224}}",
      "{'size': 'large'}",
      "{'image_mean': [0.5]}",
      "{'image_mean': 'clip'}",
      "{'image_processor_type': 'SiglipImageProcessor'}",
      "{'image_processor_type': 'LlavaNextImageProcessor', 'size': {'shortest_edge': 384}}",
      "{'image_processor_type': 'LlavaNextImageProcessor', 'image_grid_pinpoints': [[300, 600]]}",
      "{'image_processor_type': 'LlavaNextImageProcessor', 'image_grid_pinpoints': []}"
  })
  void whatIsNotDoneIsRefused(String processor) {
    assertThatThrownBy(() -> PreprocessingConfig.huggingFace(
        Fixtures.json(processor), Fixtures.json("{}"), 336, "preprocessor_config.json"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith("preprocessor_config.json: ");
  }

  @ParameterizedTest
  @CsvSource({"anyres, ANYRES", "pad, PAD", "square, CROP"})
  void originalModes(String ratio, Mode mode) {
    var config = Fixtures.json(ORIGINAL.formatted("'[(336, 672), (672, 336)]'").replace("'anyres'", "'" + ratio + "'"));

    ImagePreprocessing settings = PreprocessingConfig.original(Fixtures.json("{}"), config, 336, "config.json");

    assertThat(settings.mode()).isEqualTo(mode);
    if (mode == Mode.ANYRES) {
      assertThat(settings.pinpoints()).containsExactly(new Canvas(336, 672), new Canvas(672, 336));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"'(1x1),...,(6x6)'", "[336, 672]", "[[336]]", "7"})
  void pinpointsOfOtherModelsAreRefusedByName(String pinpoints) {
    assertThatThrownBy(
        () -> PreprocessingConfig.original(MissingNode.getInstance(), Fixtures.json(ORIGINAL.formatted(pinpoints)), 336, "config.json"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("image_grid_pinpoints");
  }

  @Test
  void otherMergesAndRatiosAreRefusedByName() {
    assertThatThrownBy(() -> PreprocessingConfig.original(
        MissingNode.getInstance(), Fixtures.json(ORIGINAL.formatted("[[336, 672]]").replace("spatial_unpad", "flat")), 336, "config.json"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("mm_patch_merge_type is flat, expected spatial_unpad");
    assertThatThrownBy(() -> PreprocessingConfig.original(
        MissingNode.getInstance(), Fixtures.json("{'image_aspect_ratio': 'anyres_max_9'}"), 336, "config.json"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("anyres_max_9");
  }

  @Test
  void flatListsOfGguf() {
    assertThat(PreprocessingConfig.canvases(new int[] {336, 672, 672, 672}, false))
        .containsExactly(new Canvas(336, 672), new Canvas(672, 672));
    assertThat(PreprocessingConfig.canvases(new int[] {336, 672, 672, 672}, true))
        .containsExactly(new Canvas(672, 336), new Canvas(672, 672));
  }
}
