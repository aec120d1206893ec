package io.github.llava4j.variant;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.llava4j.checkpoint.Checkpoint;
import io.github.llava4j.checkpoint.ConfigStyle;
import io.github.llava4j.checkpoint.GgufMetadata;
import io.github.llava4j.image.ImagePreprocessing;
import io.github.llava4j.image.ImagePreprocessing.Canvas;
import io.github.llava4j.image.ImagePreprocessing.Mode;
import io.github.llava4j.image.ImagePreprocessing.UnpadRounding;
import io.github.llava4j.image.PreprocessingConfig;

/** Finds how a checkpoint wants its pictures: in its JSON files, or in the metadata of its mmproj. */
final class Preprocessing {

  private Preprocessing() {}

  static ImagePreprocessing of(Checkpoint checkpoint) {
    int imageSize = checkpoint.config().vision().imageSize();
    if (checkpoint.visionMetadata().isPresent()) {
      return ofGguf(checkpoint.visionMetadata().get(), imageSize);
    }
    JsonNode processor = checkpoint.json("preprocessor_config.json").orElse(MissingNode.getInstance());
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
    List<Canvas> canvases = metadata.integers("clip.vision.image_grid_pinpoints")
        .map(flat -> PreprocessingConfig.canvases(flat, true))
        .orElse(List.of());
    float[] mean = metadata.floats("clip.vision.image_mean").orElseGet(ImagePreprocessing::clipMean);
    float[] std = metadata.floats("clip.vision.image_std").orElseGet(ImagePreprocessing::clipStd);
    // A 1.5 file does not say whether pictures are padded or cropped; the models were trained with padding.
    Mode mode = canvases.isEmpty() ? Mode.PAD : Mode.ANYRES;
    return new ImagePreprocessing(mode, imageSize, imageSize, canvases, UnpadRounding.ROUND_7, mean, std);
  }
}
