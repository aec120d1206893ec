package io.github.llava4j.variant;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.llava4j.CheckpointException;
import io.github.llava4j.checkpoint.Checkpoint;
import io.github.llava4j.checkpoint.GgufMetadata;
import io.github.llava4j.config.ConfigStyle;
import io.github.llava4j.config.PreprocessingConfig;
import io.github.llava4j.image.ImagePreprocessing;
import io.github.llava4j.image.ImagePreprocessing.Canvas;
import io.github.llava4j.image.ImagePreprocessing.Mode;
import io.github.llava4j.image.ImagePreprocessing.UnpadRounding;

/** Finds how a checkpoint wants its pictures: in its JSON files, or in the metadata of its mmproj. */
final class Preprocessing {

  private static final String PINPOINTS = "clip.vision.image_grid_pinpoints";
  private static final String RATIO = "clip.vision.image_aspect_ratio";

  private Preprocessing() {}

  static ImagePreprocessing of(Checkpoint checkpoint) {
    int imageSize = checkpoint.config().vision().imageSize();
    if (checkpoint.visionMetadata().isPresent()) {
      return ofGguf(checkpoint.visionMetadata().get(), imageSize);
    }
    // As in transformers 5, which saves the picture settings within processor_config.json and prefers them there.
    JsonNode processor = checkpoint.json("processor_config.json")
        .map(json -> json.path("image_processor"))
        .filter(JsonNode::isObject)
        .or(() -> checkpoint.json("preprocessor_config.json"))
        .orElse(MissingNode.getInstance());
    JsonNode model = checkpoint.json("config.json").orElse(MissingNode.getInstance());
    return checkpoint.visionStyle() == ConfigStyle.HUGGING_FACE
        ? PreprocessingConfig.huggingFace(processor, model, imageSize, checkpoint.name())
        : PreprocessingConfig.original(processor, model, imageSize, checkpoint.name());
  }

  /**
   * llama.cpp's converter copies the list of canvases from whichever configuration it is given and does not say whose. It
   * is read as Hugging Face reads it, the reference of the goldens; see docs/fidelity.md for the sizes at which that
   * matters.
   */
  private static ImagePreprocessing ofGguf(GgufMetadata metadata, int imageSize) {
    try {
      List<Canvas> canvases = metadata.integers(PINPOINTS)
          .map(flat -> PreprocessingConfig.canvases(flat, true))
          .orElse(List.of());
      float[] mean = metadata.floats("clip.vision.image_mean").orElseGet(ImagePreprocessing::clipMean);
      float[] std = metadata.floats("clip.vision.image_std").orElseGet(ImagePreprocessing::clipStd);
      Mode mode = mode(metadata, canvases);
      return new ImagePreprocessing(
          mode, imageSize, imageSize, mode == Mode.ANYRES ? canvases : List.of(), UnpadRounding.ROUND_7, mean, std);
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(metadata.file() + ": " + PINPOINTS + ", clip.vision.image_mean or image_std: " + e.getMessage(), e);
    }
  }

  /** A 1.5 file may not say whether pictures are padded or cropped; the models were trained with padding. */
  private static Mode mode(GgufMetadata metadata, List<Canvas> canvases) {
    String ratio = metadata.string(RATIO).orElse("none");
    return switch (ratio) {
      case "none", "" -> canvases.isEmpty() ? Mode.PAD : Mode.ANYRES;
      case "anyres" -> Mode.ANYRES;
      case "pad" -> Mode.PAD;
      case "square" -> Mode.CROP;
      default -> throw new CheckpointException(
          metadata.file() + ": " + RATIO + " is " + ratio + ", expected anyres, pad or square");
    };
  }
}
