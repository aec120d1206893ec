package io.github.llava4j.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.llava4j.CheckpointException;

/** Reads the vision tower's part of a {@code config.json}, or of the file beside it that describes the tower. */
public final class VisionJson {

  private VisionJson() {}

  /** Hugging Face's form: a {@code vision_config} object in the configuration. */
  public static LlavaConfig.Vision huggingFace(JsonFields config) {
    JsonFields vision = config.object("vision_config");
    String type = vision.text("model_type", "clip_vision_model");
    if (!type.equals("clip_vision_model")) {
      throw vision.unsupported("model_type");
    }
    vision.requireNumber("num_channels", 3);
    // Without the object, LLaVA's own default is CLIP-L; within it, CLIP's defaults hold, which are CLIP-B's.
    boolean given = config.has("vision_config");
    int blocks = vision.dimension("num_hidden_layers", given ? 12 : 24);
    return Dimensions.check(
        config.file(),
        new LlavaConfig.Vision(
            vision.dimension("hidden_size", given ? 768 : 1024),
            vision.dimension("intermediate_size", given ? 3072 : 4096),
            Dimensions.blocksToRun(config.file(), blocks, featureLayer(config, "vision_feature_layer")),
            vision.dimension("num_attention_heads", given ? 12 : 16),
            vision.dimension("image_size", given ? 224 : 336),
            vision.dimension("patch_size", given ? 32 : 14),
            vision.number("layer_norm_eps", 1e-5f),
            vision.activation("hidden_act", "quick_gelu"),
            keepClass(config, "vision_feature_select_strategy", "default", "full")));
  }

  /**
   * The original's form: the configuration only names the tower, so its dimensions are those of its tensors. The number
   * of heads cannot be seen there; it comes from {@code tower} if that is given, else heads have CLIP's width of 64, or
   * that of the decoder's heads if these are narrower, as in scaled-down models.
   *
   * @param tower a {@code vision_config.json}, or an empty object
   */
  public static LlavaConfig.Vision original(JsonFields config, JsonFields tower, TowerShape shape, int decoderHeadDim) {
    return Dimensions.check(
        config.file(),
        new LlavaConfig.Vision(
            shape.hidden(),
            shape.intermediate(),
            Dimensions.blocksToRun(config.file(), shape.blocks(), featureLayer(config, "mm_vision_select_layer")),
            tower.dimension("num_attention_heads", Math.max(1, shape.hidden() / Math.min(64, decoderHeadDim))),
            shape.imageSize(),
            shape.patchSize(),
            tower.number("layer_norm_eps", 1e-5f),
            tower.activation("hidden_act", "quick_gelu"),
            keepClass(config, "mm_vision_select_feature", "patch", "cls_patch")));
  }

  /** Whether a {@code vision_config.json} describes the tower that the tensors show. */
  public static boolean describes(JsonFields tower, TowerShape shape) {
    return tower.integer("hidden_size", shape.hidden()) == shape.hidden()
        && tower.integer("intermediate_size", shape.intermediate()) == shape.intermediate()
        && tower.integer("num_hidden_layers", shape.blocks()) == shape.blocks()
        && tower.integer("image_size", shape.imageSize()) == shape.imageSize()
        && tower.integer("patch_size", shape.patchSize()) == shape.patchSize();
  }

  private static long featureLayer(JsonFields config, String key) {
    JsonNode value = config.node().path(key);
    if (value.isArray() && value.size() == 1 && value.get(0).isIntegralNumber()) {
      return value.get(0).longValue();
    }
    if (value.isArray()) {
      throw new CheckpointException(
          config.file() + ": " + key + " " + value + ": features of several layers are not supported");
    }
    return config.integer(key, -2);
  }

  private static boolean keepClass(JsonFields config, String key, String without, String with) {
    String strategy = config.text(key, without);
    if (!strategy.equals(without) && !strategy.equals(with)) {
      throw config.unsupported(key);
    }
    return strategy.equals(with);
  }
}
