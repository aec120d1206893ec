package io.github.llava4j.checkpoint;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tensor names of Hugging Face (older and newer), of the original LLaVA and of PaddleMIX, and ours. Their suffixes
 * are enough to tell what a tensor is; prefixes differ between versions and are only used to tell the vision tower from
 * the language model.
 */
final class StateDictNames {

  private static final Map<String, String> VISION =
      Map.ofEntries(
          Map.entry("embeddings.class_embedding", "vit.cls"),
          Map.entry("class_embedding", "vit.cls"),
          Map.entry("embeddings.patch_embedding.weight", "vit.patch"),
          Map.entry("conv1.weight", "vit.patch"),
          Map.entry("embeddings.position_embedding.weight", "vit.pos"),
          Map.entry("positional_embedding.weight", "vit.pos"),
          Map.entry("pre_layrnorm.weight", "vit.pre_ln.w"),
          Map.entry("pre_layrnorm.bias", "vit.pre_ln.b"),
          Map.entry("ln_pre.weight", "vit.pre_ln.w"),
          Map.entry("ln_pre.bias", "vit.pre_ln.b"),
          Map.entry("post_layernorm.weight", "vit.post_ln.w"),
          Map.entry("post_layernorm.bias", "vit.post_ln.b"),
          Map.entry("ln_post.weight", "vit.post_ln.w"),
          Map.entry("ln_post.bias", "vit.post_ln.b"));

  private static final Map<String, String> VISION_BLOCK_PARTS =
      Map.ofEntries(
          Map.entry("layer_norm1", "ln1"), Map.entry("norm1", "ln1"),
          Map.entry("layer_norm2", "ln2"), Map.entry("norm2", "ln2"),
          Map.entry("self_attn.q_proj", "q"), Map.entry("self_attn.k_proj", "k"),
          Map.entry("self_attn.v_proj", "v"), Map.entry("self_attn.out_proj", "o"),
          Map.entry("mlp.fc1", "fc1"), Map.entry("linear1", "fc1"),
          Map.entry("mlp.fc2", "fc2"), Map.entry("linear2", "fc2"));

  private static final Map<String, String> DECODER =
      Map.of("embed_tokens.weight", "llm.embed", "norm.weight", "llm.norm", "lm_head.weight", "llm.head");

  private static final Map<String, String> DECODER_BLOCK_PARTS =
      Map.of(
          "input_layernorm", "attn_norm", "post_attention_layernorm", "ffn_norm", "self_attn.q_proj", "q",
          "self_attn.k_proj", "k", "self_attn.v_proj", "v", "self_attn.o_proj", "o", "mlp.gate_proj", "gate",
          "mlp.up_proj", "up", "mlp.down_proj", "down");

  private static final String LAYER = "layers\\.(0|[1-9]\\d{0,3})\\.([\\w.]+)\\.";
  private static final Pattern VISION_BLOCK = Pattern.compile("(?:encoder|transformer)\\." + LAYER + "(weight|bias)");
  private static final Pattern DECODER_BLOCK = Pattern.compile(LAYER + "weight");
  private static final Pattern VISION_PREFIX = Pattern.compile("^(?:.*\\.)?vision_(?:tower|model)\\.");
  private static final Pattern DECODER_PREFIX = Pattern.compile("^(?:(?:model|language_model|llama)\\.)*");
  private static final Pattern HF_PROJECTOR =
      Pattern.compile("(?:.*\\.)?multi_modal_projector\\.linear_([12])\\.(weight|bias)");
  private static final Pattern ORIGINAL_PROJECTOR =
      Pattern.compile("(?:.*\\.)?mm_projector\\.(?:([02468])\\.)?(weight|bias)");

  private static final Pattern IGNORABLE =
      Pattern.compile("(?:.*\\.)?(?:rotary_emb\\.(?:inv_freq|cos_cached|sin_cached)|position_ids)");
  private static final Pattern FUSED = Pattern.compile(".*(?:qkv_proj|gate_up_fused_proj|gate_up_proj)\\.weight");
  private static final Pattern LINEAR =
      Pattern.compile("llm\\.head|proj\\.\\d\\.w|llm\\.blk\\.\\d+\\.(?:[qkvo]|gate|up|down)"
          + "|vit\\.blk\\.\\d+\\.(?:[qkvo]|fc[12])\\.w");

  private StateDictNames() {}

  /** Our name of the tensor that a state dictionary calls {@code name}. */
  static Optional<String> canonical(String name) {
    Matcher projector = HF_PROJECTOR.matcher(name);
    if (projector.matches()) {
      int number = 2 * (Integer.parseInt(projector.group(1)) - 1);
      return Optional.of("proj." + number + "." + projector.group(2).charAt(0));
    }
    Matcher original = ORIGINAL_PROJECTOR.matcher(name);
    if (original.matches()) {
      // A projector of one layer has no number there.
      String number = original.group(1) == null ? "0" : original.group(1);
      return Optional.of("proj." + number + "." + original.group(2).charAt(0));
    }
    if (name.equals("image_newline") || name.endsWith(".image_newline")) {
      return Optional.of("newline");
    }
    Matcher vision = VISION_PREFIX.matcher(name);
    return vision.find()
        ? vision(name.substring(vision.end()))
        : decoder(DECODER_PREFIX.matcher(name).replaceFirst(""));
  }

  private static Optional<String> vision(String suffix) {
    Matcher block = VISION_BLOCK.matcher(suffix);
    if (block.matches()) {
      return Optional.ofNullable(VISION_BLOCK_PARTS.get(block.group(2)))
          .map(part -> "vit.blk." + block.group(1) + "." + part + "." + block.group(3).charAt(0));
    }
    return Optional.ofNullable(VISION.get(suffix));
  }

  private static Optional<String> decoder(String suffix) {
    Matcher block = DECODER_BLOCK.matcher(suffix);
    if (block.matches()) {
      return Optional.ofNullable(DECODER_BLOCK_PARTS.get(block.group(2)))
          .map(part -> "llm.blk." + block.group(1) + "." + part);
    }
    return Optional.ofNullable(DECODER.get(suffix));
  }

  /** Whether a tensor can be left aside because its values follow from the configuration. */
  static boolean isIgnorable(String name) {
    return IGNORABLE.matcher(name).matches();
  }

  /** Whether a tensor holds several weights in one, as some PaddleNLP options make them. */
  static boolean isFused(String name) {
    return FUSED.matcher(name).matches();
  }

  /** Whether these are the names of PaddleMIX, which stores linear layers [in, out]. */
  static boolean isPaddle(String name) {
    return name.startsWith("llama.");
  }

  /** Whether the tensor of that name of ours is a linear layer's matrix. */
  static boolean isLinear(String canonical) {
    return LINEAR.matcher(canonical).matches();
  }
}
