package io.github.llava4j.demo.tools.synth;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.github.llava4j.checkpoint.GgufNames;
import io.github.llava4j.checkpoint.GgufWriter;
import io.github.llava4j.config.LlavaConfig;
import io.github.llava4j.config.TensorCatalog;
import io.github.llava4j.image.ImagePreprocessing;
import io.github.llava4j.kernels.Op;
import io.github.llava4j.kernels.tensor.DType;

/** Writes a LLaVA model as llama.cpp keeps it: one GGUF file for the language model, one for vision tower and projector. */
public final class GgufModelFiles {

  /** Writes the data of the tensor of a canonical name, in the type that was chosen for it. */
  @FunctionalInterface
  public interface Data {
    void write(String name, DType type, int[] shape, GgufWriter out) throws IOException;
  }

  /** Chooses a type for the tensor of a canonical name. */
  @FunctionalInterface
  public interface Types {
    DType of(String name, int[] shape);
  }

  private static final int QUANTIZATION_VERSION = 2;

  private GgufModelFiles() {}

  /** Bytes of the tensors of a catalogue. */
  static long bytes(Map<String, int[]> catalog, Types types) {
    return catalog.entrySet().stream()
        .mapToLong(tensor -> types.of(tensor.getKey(), tensor.getValue()).bytes(count(tensor.getValue())))
        .sum();
  }

  static long count(int[] shape) {
    long count = 1;
    for (int size : shape) {
      count *= size;
    }
    return count;
  }

  static void writeDecoder(
      Path file, String name, LlavaConfig.Decoder config, SyntheticVocabulary vocabulary,
      Types types, Data data) throws IOException {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("general.architecture", "llama");
    keys.put("general.name", name);
    keys.put("general.quantization_version", QUANTIZATION_VERSION);
    keys.put("llama.context_length", config.maxPositions());
    keys.put("llama.embedding_length", config.hidden());
    keys.put("llama.block_count", config.layers());
    keys.put("llama.feed_forward_length", config.intermediate());
    keys.put("llama.attention.head_count", config.heads());
    keys.put("llama.attention.head_count_kv", config.kvHeads());
    keys.put("llama.attention.layer_norm_rms_epsilon", config.rmsEps());
    keys.put("llama.rope.dimension_count", config.headDim());
    keys.put("llama.rope.freq_base", config.ropeTheta());
    keys.put("llama.vocab_size", config.vocabulary());
    keys.put("tokenizer.ggml.model", "llama");
    keys.put("tokenizer.ggml.tokens", vocabulary.pieces());
    keys.put("tokenizer.ggml.scores", vocabulary.scores());
    keys.put("tokenizer.ggml.token_type", vocabulary.types());
    keys.put("tokenizer.ggml.bos_token_id", 1);
    keys.put("tokenizer.ggml.eos_token_id", 2);
    keys.put("tokenizer.ggml.unknown_token_id", 0);
    keys.put("tokenizer.ggml.add_bos_token", true);
    keys.put("tokenizer.ggml.add_eos_token", false);
    write(file, keys, TensorCatalog.decoder(config), types, data);
  }

  /** Writes vision tower and projector, and how pictures are prepared for them. */
  public static void writeVision(
      Path file, LlavaConfig config, ImagePreprocessing pictures, Types types, Data data)
      throws IOException {
    LlavaConfig.Vision vision = config.vision();
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("general.architecture", "clip");
    keys.put("clip.has_text_encoder", false);
    keys.put("clip.has_vision_encoder", true);
    keys.put("clip.projector_type", "mlp");
    keys.put("clip.use_gelu", vision.activation() == Op.Activation.GELU);
    keys.put("clip.vision.image_size", vision.imageSize());
    keys.put("clip.vision.patch_size", vision.patchSize());
    keys.put("clip.vision.embedding_length", vision.hidden());
    keys.put("clip.vision.feed_forward_length", vision.intermediate());
    keys.put("clip.vision.projection_dim", vision.hidden());
    keys.put("clip.vision.block_count", vision.layers());
    keys.put("clip.vision.attention.head_count", vision.heads());
    keys.put("clip.vision.attention.layer_norm_epsilon", vision.eps());
    keys.put("clip.vision.image_mean", pictures.mean());
    keys.put("clip.vision.image_std", pictures.std());
    if (pictures.mode() == ImagePreprocessing.Mode.ANYRES) {
      keys.put("clip.vision.image_aspect_ratio", "anyres");
      keys.put("clip.vision.mm_patch_merge_type", "spatial_unpad");
      // Height first, as Hugging Face's configurations have it and as these files are read.
      keys.put(
          "clip.vision.image_grid_pinpoints",
          pictures.pinpoints().stream()
              .flatMapToInt(canvas -> IntStream.of(canvas.height(), canvas.width()))
              .toArray());
    }
    Map<String, int[]> catalog = TensorCatalog.vision(vision);
    catalog.putAll(TensorCatalog.projector(config));
    write(file, keys, catalog, types, data);
  }

  private static void write(
      Path file, Map<String, Object> keys, Map<String, int[]> catalog, Types types, Data data)
      throws IOException {
    try (PartFile part = new PartFile(file)) {
      try (GgufWriter out = new GgufWriter(part.open())) {
        keys.forEach((key, value) -> put(out, key, value));
        catalog.forEach((name, shape) -> out.tensor(GgufNames.gguf(name), types.of(name, shape), shape));
        for (Map.Entry<String, int[]> tensor : catalog.entrySet()) {
          DType type = types.of(tensor.getKey(), tensor.getValue());
          data.write(tensor.getKey(), type, tensor.getValue(), out);
        }
      }
      part.complete();
    }
  }

  @SuppressWarnings("unchecked")
  private static void put(GgufWriter out, String key, Object value) {
    switch (value) {
      case String text -> out.put(key, text);
      case Boolean flag -> out.put(key, flag);
      case Integer number -> out.put(key, number);
      case Float number -> out.put(key, number);
      case float[] numbers -> out.put(key, numbers);
      case int[] numbers -> out.put(key, numbers);
      case List<?> texts -> out.put(key, (List<String>) texts);
      default -> throw new IllegalArgumentException(key + " = " + value);
    }
  }
}
