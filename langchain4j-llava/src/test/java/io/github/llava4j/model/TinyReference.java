package io.github.llava4j.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.github.llava4j.config.LlavaConfig;
import io.github.llava4j.kernels.Op;
import io.github.llava4j.kernels.tensor.Tensor;

/**
 * A tiny LLaVA-1.6 whose every weight comes from a formula, so that transformers could be run on it and its numbers
 * written down: the reference needs no file.
 */
final class TinyReference {

  static final int HIDDEN = 48;
  static final int IMAGE_SIZE = 56;
  static final int GRID = 4;

  private TinyReference() {}

  static LlavaConfig config(boolean keepClass) {
    return new LlavaConfig(
        new LlavaConfig.Decoder(
            "llama", HIDDEN, 80, 2, 4, 2, 12, 64, 1e-5f, 10000, 2048, 0, Op.RopeLayout.HALF_SPLIT),
        new LlavaConfig.Vision(32, 64, 2, 2, IMAGE_SIZE, 14, 1e-5f, Op.Activation.QUICK_GELU, keepClass),
        new LlavaConfig.Projector(2, Op.Activation.GELU, true),
        60);
  }

  /** The tensors by canonical name. */
  static Map<String, Tensor> tensors() {
    Map<String, Map.Entry<String, int[]>> byHfName = new TreeMap<>();
    names().forEach((canonical, entry) -> byHfName.put(entry.getKey(), Map.entry(canonical, entry.getValue())));
    Map<String, Tensor> tensors = new HashMap<>();
    int index = 0;
    for (var entry : byHfName.entrySet()) {
      String canonical = entry.getValue().getKey();
      int[] shape = entry.getValue().getValue();
      tensors.put(canonical, Tensor.of(canonical, values(entry.getKey(), index++, shape), shape));
    }
    return tensors;
  }

  private static float[] values(String name, int s, int[] shape) {
    int count = 1;
    for (int dimension : shape) {
      count *= dimension;
    }
    boolean norm = name.endsWith("norm.weight") || name.endsWith("layernorm.weight")
        || name.endsWith("layer_norm1.weight") || name.endsWith("layer_norm2.weight");
    boolean embedding = name.contains("embedding") || name.contains("embed_tokens") || name.equals("image_newline");
    float[] values = new float[count];
    for (long k = 0; k < count; k++) {
      double v = ((7919 * k + 104729L * s + k * k % 911) % 2003 - 1001) / 1001.0;
      values[(int) k] = (float) (norm ? 1 + 0.1 * v : embedding ? 0.5 * v : 0.2 * v);
    }
    return values;
  }

  /** [n, 3, 56, 56], normalised inputs. */
  static float[] pixels(int tiles) {
    float[] pixels = new float[tiles * 3 * IMAGE_SIZE * IMAGE_SIZE];
    for (long k = 0; k < pixels.length; k++) {
      pixels[(int) k] = (float) (((31 * k + 17 * (k / 56) + 5 * (k / 3136)) % 509 - 254) / 127.0);
    }
    return pixels;
  }

  /** Canonical name to Hugging Face name and shape. */
  private static Map<String, Map.Entry<String, int[]>> names() {
    Map<String, Map.Entry<String, int[]>> names = new HashMap<>();
    add(names, "newline", "image_newline", HIDDEN);
    add(names, "llm.head", "language_model.lm_head.weight", 64, HIDDEN);
    add(names, "llm.embed", "language_model.model.embed_tokens.weight", 64, HIDDEN);
    add(names, "llm.norm", "language_model.model.norm.weight", HIDDEN);
    for (int i = 0; i < 2; i++) {
      String to = "llm.blk." + i + ".";
      String from = "language_model.model.layers." + i + ".";
      add(names, to + "attn_norm", from + "input_layernorm.weight", HIDDEN);
      add(names, to + "ffn_norm", from + "post_attention_layernorm.weight", HIDDEN);
      add(names, to + "q", from + "self_attn.q_proj.weight", HIDDEN, HIDDEN);
      add(names, to + "k", from + "self_attn.k_proj.weight", 24, HIDDEN);
      add(names, to + "v", from + "self_attn.v_proj.weight", 24, HIDDEN);
      add(names, to + "o", from + "self_attn.o_proj.weight", HIDDEN, HIDDEN);
      add(names, to + "gate", from + "mlp.gate_proj.weight", 80, HIDDEN);
      add(names, to + "up", from + "mlp.up_proj.weight", 80, HIDDEN);
      add(names, to + "down", from + "mlp.down_proj.weight", HIDDEN, 80);
    }
    linear(names, "proj.0", "multi_modal_projector.linear_1", HIDDEN, 32);
    linear(names, "proj.2", "multi_modal_projector.linear_2", HIDDEN, HIDDEN);
    String vision = "vision_tower.vision_model.";
    add(names, "vit.cls", vision + "embeddings.class_embedding", 32);
    add(names, "vit.patch", vision + "embeddings.patch_embedding.weight", 32, 3, 14, 14);
    add(names, "vit.pos", vision + "embeddings.position_embedding.weight", 17, 32);
    linear(names, "vit.pre_ln", vision + "pre_layrnorm", 32);
    linear(names, "vit.post_ln", vision + "post_layernorm", 32);
    for (int i = 0; i < 3; i++) {
      String to = "vit.blk." + i + ".";
      String from = vision + "encoder.layers." + i + ".";
      linear(names, to + "ln1", from + "layer_norm1", 32);
      linear(names, to + "ln2", from + "layer_norm2", 32);
      for (String part : List.of("q", "k", "v")) {
        linear(names, to + part, from + "self_attn." + part + "_proj", 32, 32);
      }
      linear(names, to + "o", from + "self_attn.out_proj", 32, 32);
      linear(names, to + "fc1", from + "mlp.fc1", 64, 32);
      linear(names, to + "fc2", from + "mlp.fc2", 32, 64);
    }
    return names;
  }

  private static void linear(Map<String, Map.Entry<String, int[]>> names, String to, String from, int... shape) {
    add(names, to + ".w", from + ".weight", shape);
    add(names, to + ".b", from + ".bias", shape[0]);
  }

  private static void add(Map<String, Map.Entry<String, int[]>> names, String to, String from, int... shape) {
    names.put(to, Map.entry(from, shape));
  }

  static List<Integer> prompt(int imageTokens) {
    List<Integer> ids = new ArrayList<>(List.of(1, 5, 9));
    for (int i = 0; i < imageTokens; i++) {
      ids.add(-1);
    }
    ids.addAll(List.of(13, 17, 21, 25));
    return ids;
  }
}
