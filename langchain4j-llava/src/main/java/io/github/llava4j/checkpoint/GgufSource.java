package io.github.llava4j.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.llava4j.CheckpointException;
import io.github.llava4j.config.ConfigStyle;
import io.github.llava4j.config.Dimensions;
import io.github.llava4j.config.LlavaConfig;
import io.github.llava4j.config.TowerShape;
import io.github.llava4j.kernels.Op;

/** A GGUF file: a language model, or the vision tower and projector that llama.cpp calls mmproj. */
final class GgufSource implements Source {

  static final String ARCHITECTURE = "general.architecture";
  static final String VISION_ARCHITECTURE = "clip";
  private static final String DECODER_ARCHITECTURE = "llama";

  private final Path file;
  private final GgufMetadata metadata;
  private final Map<String, StoredTensor> tensors;

  GgufSource(Path file, GgufFile gguf) {
    this.file = file;
    this.metadata = gguf.metadata();
    if (metadata.integer("split.count").orElse(1) > 1) {
      throw metadata.error("split.count", "split files are not supported; merge them with llama-gguf-split --merge");
    }
    String architecture = architecture(metadata);
    if (!architecture.equals(DECODER_ARCHITECTURE) && !isVision(metadata)) {
      throw metadata.error(ARCHITECTURE, architecture + " is not supported, only llama (and clip for mmproj)");
    }
    this.tensors = canonical(gguf.tensors());
    if (isVision(metadata) && isSwapped()) {
      swapFeedForward();
    }
  }

  static boolean isVision(GgufMetadata metadata) {
    return architecture(metadata).equals(VISION_ARCHITECTURE);
  }

  private static String architecture(GgufMetadata metadata) {
    return metadata.string(ARCHITECTURE).orElse("(none)");
  }

  private Map<String, StoredTensor> canonical(List<StoredTensor> stored) {
    Map<String, StoredTensor> canonical = new LinkedHashMap<>();
    List<String> unknown = new ArrayList<>();
    for (StoredTensor tensor : stored) {
      if (tensor.name().equals("rope_freqs.weight")) {
        throw tensor.error("scales the rotary frequencies, which is not supported");
      }
      String name = GgufNames.canonical(tensor.name()).orElse(null);
      if (name == null) {
        unknown.add(tensor.name());
        continue;
      }
      StoredTensor before = canonical.put(name, tensor);
      if (before != null) {
        throw tensor.error("is the same as " + before.name() + ": both are " + name);
      }
    }
    Names.refuseUnknown(file, unknown);
    return canonical;
  }

  /**
   * Whether ffn_down is the first layer, as in all files of llama.cpp's convert_image_encoder_to_gguf.py. The first
   * layer widens, so the shapes tell. Where both widths are equal only the converter does: that one, and none of the
   * newer ones, writes clip.has_llava_projector.
   */
  private boolean isSwapped() {
    StoredTensor down = tensors.get("vit.blk.0.fc2.w");
    if (down == null || down.shape().length != 2) {
      return false; // reported later, as missing or of a wrong shape
    }
    long hidden = vision("embedding_length");
    long inner = vision("feed_forward_length");
    return hidden == inner ? metadata.has("clip.has_llava_projector") : down.shape()[1] == hidden;
  }

  private void swapFeedForward() {
    for (int i = 0; i < TowerShape.blocks(tensors.keySet()); i++) {
      for (String part : new String[] {".w", ".b"}) {
        String first = "vit.blk." + i + ".fc1" + part;
        String second = "vit.blk." + i + ".fc2" + part;
        StoredTensor up = tensors.remove(first);
        StoredTensor down = tensors.remove(second);
        if (down != null) {
          tensors.put(first, down);
        }
        if (up != null) {
          tensors.put(second, up);
        }
      }
    }
  }

  @Override
  public Documents documents() {
    return new Documents(null, null);
  }

  GgufMetadata metadata() {
    return metadata;
  }

  @Override
  public Container container() {
    return Container.GGUF;
  }

  @Override
  public ConfigStyle style() {
    return ConfigStyle.GGUF;
  }

  @Override
  public Map<String, StoredTensor> tensors() {
    return tensors;
  }

  @Override
  public boolean tiedHead() {
    return !tensors.containsKey("llm.head");
  }

  @Override
  public LlavaConfig.Decoder decoder() {
    refuseVariants();
    int hidden = required("llama.embedding_length");
    int heads = required("llama.attention.head_count");
    int headDim = optional("llama.attention.key_length", 0);
    if (headDim == 0) {
      headDim = Dimensions.headDim(file, hidden, heads);
    }
    requireEqual("llama.attention.value_length", headDim);
    requireEqual("llama.rope.dimension_count", headDim);
    StoredTensor embed = tensors.get("llm.embed");
    LlavaConfig.Decoder decoder =
        new LlavaConfig.Decoder(
            DECODER_ARCHITECTURE,
            hidden,
            required("llama.feed_forward_length"),
            required("llama.block_count"),
            heads,
            optional("llama.attention.head_count_kv", heads),
            headDim,
            // Not all converters write llama.vocab_size, and the table is what counts.
            embed == null ? 1 : Dimensions.positive(file, "the number of rows of token_embd.weight", embed.shape()[0]),
            (float) metadata.number("llama.attention.layer_norm_rms_epsilon").orElse(1e-5),
            (float) metadata.number("llama.rope.freq_base").orElse(10000),
            optional("llama.context_length", 2048),
            optional("llama.attention.sliding_window", 0),
            Op.RopeLayout.INTERLEAVED);
    return Dimensions.check(file, decoder);
  }

  private void refuseVariants() {
    if (metadata.integer("llama.expert_count").orElse(0) > 0) {
      throw metadata.error("llama.expert_count", "mixtures of experts are not supported");
    }
    for (String key : new String[] {"llama.attention.scale", "llama.attention.clamp_kqv", "llama.attention.max_alibi_bias"}) {
      if (metadata.number(key).orElse(0) != 0) {
        throw metadata.error(key, metadata.number(key).getAsDouble() + " is not supported");
      }
    }
    if (!metadata.bool("llama.attention.causal").orElse(true)) {
      throw metadata.error("llama.attention.causal", "false is not supported");
    }
    String scaling = metadata.string("llama.rope.scaling.type").orElse("none");
    if (!scaling.equals("none") || metadata.number("llama.rope.scale_linear").orElse(1) != 1) {
      throw metadata.error("llama.rope.scaling.type", "scaled rotary positions are not supported: " + scaling);
    }
  }

  @Override
  public LlavaConfig.Vision vision() {
    for (String key : new String[] {"clip.projector_type", "clip.vision.projector_type"}) {
      String type = metadata.string(key).orElse("mlp");
      if (!type.equals("mlp")) {
        throw metadata.error(key, type + " is not supported, only mlp");
      }
    }
    return Dimensions.check(
        file,
        new LlavaConfig.Vision(
            vision("embedding_length"),
            vision("feed_forward_length"),
            visionLayers(),
            vision("attention.head_count"),
            vision("image_size"),
            vision("patch_size"),
            (float) metadata.number("clip.vision.attention.layer_norm_epsilon").orElse(1e-5),
            activation(),
            false));
  }

  /**
   * Converters leave out the blocks after the feature layer, so what is stored is run; only a complete CLIP-L of 24
   * blocks is known to have one too many. The tensors count rather than block_count, which some files have wrong.
   */
  private int visionLayers() {
    int blocks = Math.max(TowerShape.blocks(tensors.keySet()), optional("clip.vision.block_count", 0));
    String key = "clip.vision.feature_layer";
    if (!metadata.has(key)) {
      return blocks == 24 ? 23 : Dimensions.positive(file, "the number of vision blocks", blocks);
    }
    int[] layers = metadata.integers(key).orElseThrow();
    if (layers.length != 1) {
      throw metadata.error(key, "features of several layers are not supported");
    }
    return Dimensions.blocksToRun(file, blocks, layers[0]);
  }

  private Op.Activation activation() {
    if (metadata.bool("clip.use_silu").orElse(false)) {
      return Op.Activation.SILU;
    }
    return metadata.bool("clip.use_gelu").orElse(false) ? Op.Activation.GELU : Op.Activation.QUICK_GELU;
  }

  @Override
  public LlavaConfig.Projector projector() {
    int layers = 0;
    while (tensors.containsKey("proj." + 2 * layers + ".w")) {
      layers++;
    }
    String merge = metadata.string("clip.vision.mm_patch_merge_type").orElse("");
    if (!merge.isEmpty() && !merge.equals("flat") && !merge.equals("spatial_unpad")) {
      throw metadata.error("clip.vision.mm_patch_merge_type", merge + " is not supported, only flat and spatial_unpad");
    }
    boolean newline =
        merge.isEmpty() ? metadata.has("clip.vision.image_grid_pinpoints") : merge.equals("spatial_unpad");
    return new LlavaConfig.Projector(Math.max(1, layers), Op.Activation.GELU, newline);
  }

  private int vision(String key) {
    return required("clip.vision." + key);
  }

  private int required(String key) {
    long value = metadata.integer(key).orElseThrow(() -> new CheckpointException(file + ": no value for " + key));
    return Dimensions.positive(file, key, value);
  }

  private int optional(String key, int otherwise) {
    long value = metadata.integer(key).orElse(otherwise);
    return value == 0 ? otherwise : Dimensions.positive(file, key, value);
  }

  private void requireEqual(String key, int wanted) {
    long value = metadata.integer(key).orElse(wanted);
    if (value != wanted) {
      throw metadata.error(key, value + " is not supported, expected the head dimension " + wanted);
    }
  }
}
