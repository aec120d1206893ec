package io.github.llava4j.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.llava4j.kernels.Op;

/** Reads the language model's part of a {@code config.json}; defaults are those of transformers' classes. */
public final class DecoderJson {

  private DecoderJson() {}

  /** @param text the object with the decoder's keys: {@code text_config}, or the whole file in the original style */
  public static LlavaConfig.Decoder read(JsonFields text) {
    boolean mistral = isMistral(text);
    refuseVariants(text);
    int hidden = text.dimension("hidden_size", 4096);
    int heads = text.dimension("num_attention_heads", 32);
    int headDim =
        text.has("head_dim")
            ? text.dimension("head_dim", 0)
            : Dimensions.headDim(text.file(), hidden, heads);
    LlavaConfig.Decoder decoder =
        new LlavaConfig.Decoder(
            mistral ? "mistral" : "llama",
            hidden,
            text.dimension("intermediate_size", mistral ? 14336 : 11008),
            text.dimension("num_hidden_layers", 32),
            heads,
            text.dimension("num_key_value_heads", mistral ? 8 : heads),
            headDim,
            text.dimension("vocab_size", 32000),
            text.number("rms_norm_eps", 1e-6f),
            ropeTheta(text),
            text.dimension("max_position_embeddings", mistral ? 131072 : 2048),
            mistral ? slidingWindow(text) : 0,
            Op.RopeLayout.HALF_SPLIT);
    return Dimensions.check(text.file(), decoder);
  }

  private static boolean isMistral(JsonFields text) {
    return switch (text.text("model_type", "llama")) {
      case "llama", "llava_llama" -> false;
      case "mistral", "llava_mistral" -> true;
      // The original repository's first checkpoints say no more than this.
      case "llava" -> text.node().path("architectures").path(0).asText().contains("Mistral");
      default -> throw text.unsupported("model_type");
    };
  }

  private static void refuseVariants(JsonFields text) {
    text.requireFlag("attention_bias", false);
    text.requireFlag("mlp_bias", false);
    text.requireFlag("fuse_attention_qkv", false);
    text.requireFlag("fuse_attention_ffn", false);
    text.requireFlag("alibi", false);
    for (JsonFields place : new JsonFields[] {text, text.object("rope_parameters"), text.object("rope_scaling")}) {
      place.requireNumber("partial_rotary_factor", 1);
    }
    // PaddleNLP's way to say it.
    text.requireNumber("rope_scaling_factor", 1);
    for (String key : new String[] {"rope_scaling_type", "quantization_config"}) {
      if (text.has(key)) {
        throw text.unsupported(key);
      }
    }
    for (JsonNode type : text.node().path("layer_types")) {
      if (!type.asText().equals("full_attention") && !(isMistral(text) && type.asText().equals("sliding_attention"))) {
        throw text.unsupported("layer_types");
      }
    }
    if (text.activation("hidden_act", "silu") != Op.Activation.SILU) {
      throw text.unsupported("hidden_act");
    }
    for (String key : new String[] {"rope_scaling", "rope_parameters"}) {
      JsonFields rope = text.object(key);
      if (text.has(key) && !rope.text("rope_type", rope.text("type", "default")).equals("default")) {
        throw text.unsupported(key);
      }
    }
  }

  /** Newer files have it one level deeper. */
  private static float ropeTheta(JsonFields text) {
    return text.object("rope_parameters").number("rope_theta", text.number("rope_theta", 10000));
  }

  /** Null means none, but a Mistral configuration without the key means Mistral's default. */
  private static int slidingWindow(JsonFields text) {
    if (text.node().path("sliding_window").isNull()) {
      return 0;
    }
    return text.dimension("sliding_window", 4096);
  }
}
