package io.github.llava4j.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.llava4j.kernels.Op;

/** Reads the projector's part of a {@code config.json}. */
public final class ProjectorJson {

  private static final Pattern MLP = Pattern.compile("mlp([1-5])x_gelu");

  private ProjectorJson() {}

  public static LlavaConfig.Projector huggingFace(JsonFields config) {
    config.requireFlag("multimodal_projector_bias", true);
    boolean next = config.text("model_type", "llava").equals("llava_next");
    return new LlavaConfig.Projector(
        2,
        config.activation("projector_hidden_act", "gelu"),
        next && config.flag("use_image_newline_parameter", true));
  }

  public static LlavaConfig.Projector original(JsonFields config) {
    // Other ways to make a picture's features, which would be passed over.
    config.requireFlag("s2", false);
    for (String key : new String[] {"mm_resampler_type", "mm_newline_position"}) {
      if (config.has(key) && !config.text(key, "").equals("grid")) {
        throw config.unsupported(key);
      }
    }
    return new LlavaConfig.Projector(layers(config), Op.Activation.GELU, newline(config));
  }

  private static int layers(JsonFields config) {
    String type = config.text("mm_projector_type", "linear");
    Matcher mlp = MLP.matcher(type);
    if (mlp.matches()) {
      return Integer.parseInt(mlp.group(1));
    }
    return switch (type) {
      case "linear" -> 1;
      case "identity" -> 0;
      default -> throw config.unsupported("mm_projector_type");
    };
  }

  private static boolean newline(JsonFields config) {
    return switch (config.text("mm_patch_merge_type", "flat")) {
      case "flat" -> false;
      case "spatial_unpad" -> true;
      default -> throw config.unsupported("mm_patch_merge_type");
    };
  }
}
