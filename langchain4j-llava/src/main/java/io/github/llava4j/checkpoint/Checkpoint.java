package io.github.llava4j.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.llava4j.CheckpointException;
import io.github.llava4j.config.ConfigStyle;
import io.github.llava4j.config.ImageToken;
import io.github.llava4j.config.LlavaConfig;
import io.github.llava4j.config.TensorCatalog;
import io.github.llava4j.kernels.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A LLaVA model on disk, whichever files it is in: its dimensions, its tensors under one set of names, and the raw
 * material of tokenizer and image preprocessing. Weights are mapped, not read: opening takes no time and no heap, and
 * closing invalidates every tensor.
 *
 * <p>Names: {@code llm.embed}, {@code llm.blk.0.attn_norm}, {@code .q .k .v .o .ffn_norm .gate .up .down}, {@code
 * llm.norm}, {@code llm.head}; {@code proj.0.w}, {@code proj.0.b}, {@code proj.2.w} ..., {@code newline}; {@code
 * vit.cls}, {@code vit.patch}, {@code vit.pos}, {@code vit.pre_ln.w}, {@code vit.blk.0.ln1.w}, {@code .ln2 .q .k .v .o
 * .fc1 .fc2} with {@code .w} and {@code .b}. {@link TensorCatalog} has their shapes. Weights of linear layers are
 * logically [out, in]. The rows of a GGUF file's q and k are in the order that {@link LlavaConfig.Decoder#ropeLayout}
 * says.
 */
public final class Checkpoint implements AutoCloseable {

  private final ModelFiles files;
  private final Source language;
  private final Source vision;
  private final Documents documents;
  private final String name;
  private final LlavaConfig config;
  private final Map<String, Tensor> tensors;

  private Checkpoint(ModelFiles files, Path model, @Nullable Path mmproj) {
    this.files = files;
    ModelLocator locator = new ModelLocator(files);
    Path modelFile = locator.model(model);
    this.language = open(files, locator, modelFile);
    requireRole(modelFile, language, false);
    Path visionFile = modelFile;
    if (mmproj != null) {
      visionFile = locator.model(mmproj);
    } else if (language instanceof GgufSource) {
      visionFile = locator.visionBeside(modelFile);
    }
    this.vision = visionFile.equals(modelFile) ? language : open(files, locator, visionFile);
    requireRole(visionFile, vision, true);
    this.documents = language instanceof GgufSource ? vision.documents() : language.documents();
    this.name = name(modelFile, language);
    this.config = new LlavaConfig(
        language.decoder(), vision.vision(), vision.projector(),
        ImageToken.of(language.style(), documents::json,
            metadata(language).flatMap(metadata -> metadata.strings("tokenizer.ggml.tokens"))));
    this.tensors = tensors(config);
  }

  private static String name(Path modelFile, Source language) {
    return language instanceof GgufSource
        ? modelFile.getFileName().toString().replaceFirst("\\.gguf$", "")
        : modelFile.toAbsolutePath().getParent().getFileName().toString();
  }

  /**
   * Opens a model.
   *
   * @throws CheckpointException if anything is missing, surplus, damaged or not supported; nothing stays open
   */
  public static Checkpoint open(ModelSource source) {
    ModelFiles files = new ModelFiles();
    try {
      return switch (source) {
        case ModelSource.Embedded embedded -> new Checkpoint(files, EmbeddedModel.folder(), null);
        case ModelSource.Files(Path model, Path mmproj) -> new Checkpoint(files, model, mmproj);
      };
    } catch (RuntimeException | Error e) {
      files.close();
      throw e;
    }
  }

  private static Source open(ModelFiles files, ModelLocator locator, Path file) {
    ModelLocator.requireWhole(file);
    FileKind kind = locator.kind(file);
    Documents documents = new Documents(files, file.toAbsolutePath().getParent());
    return switch (kind) {
      case GGUF -> new GgufSource(file, GgufFile.read(files.map(file)));
      case SAFETENSORS ->
          new StateDictSource(files, documents, Container.SAFETENSORS, SafetensorsFile.read(files.map(file)));
      case JSON -> {
        ShardIndex index = ShardIndex.read(files, file);
        yield new StateDictSource(files, documents, index.container(), index.tensors());
      }
      case PICKLE ->
          new StateDictSource(files, documents, Container.PDPARAMS, PdparamsFile.read(files, files.map(file)));
      case TORCH, OLD_GGML, LFS_POINTER, WEB_PAGE, EMPTY, OTHER -> throw new CheckpointException(file + ": " + kind.description());
    };
  }

  private static void requireRole(Path file, Source source, boolean vision) {
    boolean has = source.tensors().keySet().stream().anyMatch(name -> name.startsWith(vision ? "vit." : "llm."));
    if (source instanceof GgufSource && !has) {
      throw new CheckpointException(
          file + (vision ? ": no vision tower (mmproj) but a language model" : ": a vision tower (mmproj), which is no "
              + "language model"));
    }
  }

  private Map<String, Tensor> tensors(LlavaConfig config) {
    Map<String, StoredTensor> stored = new LinkedHashMap<>(language.tensors());
    if (vision != language) {
      stored.keySet().removeIf(name -> !name.startsWith("llm."));
      vision.tensors().forEach((name, tensor) -> {
        if (!name.startsWith("llm.")) {
          stored.put(name, tensor);
        }
      });
    }
    Map<String, int[]> shapes = TensorCatalog.of(config);
    boolean tied = language.tiedHead();
    List<String> missing = new ArrayList<>();
    Map<String, Tensor> found = new LinkedHashMap<>();
    shapes.forEach((name, shape) -> {
      StoredTensor tensor = stored.remove(tied && name.equals("llm.head") ? "llm.embed" : name);
      if (tied && name.equals("llm.embed") && tensor != null) {
        stored.put(name, tensor); // once more for the head
      }
      if (tensor == null) {
        missing.add(name);
      } else {
        found.put(name, tensor.as(name, shape));
      }
    });
    refuse(config, missing, stored);
    return Collections.unmodifiableMap(found);
  }

  private void refuse(LlavaConfig config, List<String> missing, Map<String, StoredTensor> left) {
    if (!missing.isEmpty()) {
      throw new CheckpointException(
          paths() + ": " + missing.size() + " tensors are missing: " + Names.some(missing)
              + " (as llava4j names them)");
    }
    List<String> surplus =
        left.entrySet().stream()
            .filter(entry -> !isUnused(config, entry.getKey()))
            .map(entry -> entry.getValue().name())
            .toList();
    Names.refuseUnknown(paths(), surplus);
  }

  private String paths() {
    return Names.some(files.mapped().stream().map(file -> file.path().toString()).toList());
  }

  /** Tensors that belong to a LLaVA model but are not computed with. */
  private static boolean isUnused(LlavaConfig config, String name) {
    return name.startsWith("vit.post_ln.")
        || name.startsWith("vit.blk.")
        || name.equals("newline") && !config.projector().newline();
  }

  /** What to call the model: the name of its folder, or of the file if that is GGUF. */
  public String name() {
    return name;
  }

  /** The container of the language model. */
  public Container container() {
    return language.container();
  }

  /** Who wrote the language model's configuration. */
  public ConfigStyle configStyle() {
    return language.style();
  }

  /** Who wrote the vision tower's configuration: another than the language model's if it comes from elsewhere. */
  public ConfigStyle visionStyle() {
    return vision.style();
  }

  /** The dimensions, with all defaults filled in. */
  public LlavaConfig config() {
    return config;
  }

  /**
   * A tensor by our name.
   *
   * @throws CheckpointException if the model has no such tensor
   */
  public Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new CheckpointException("no tensor " + name + " in a model of this configuration");
    }
    return tensor;
  }

  /** All tensors that the model computes with, by our names. */
  public Map<String, Tensor> tensors() {
    return tensors;
  }

  /**
   * A JSON file beside the weights: {@code config.json}, {@code generation_config.json}, {@code
   * preprocessor_config.json} (also where PaddleMIX keeps it), {@code processor_config.json}, {@code tokenizer.json},
   * {@code tokenizer_config.json}, {@code added_tokens.json}, {@code special_tokens_map.json}, {@code
   * chat_template.json}. A GGUF model has none; one whose vision tower is from another checkpoint has that one's.
   *
   * @throws CheckpointException if the file is there but no JSON
   */
  public Optional<JsonNode> json(String fileName) {
    return documents.json(fileName);
  }

  /** Any small file beside the weights. */
  public Optional<byte[]> bytes(String fileName) {
    return documents.bytes(fileName);
  }

  /** A text file beside the weights, such as {@code chat_template.jinja}. */
  public Optional<String> text(String fileName) {
    return documents.text(fileName);
  }

  /** The metadata of the language model if that is a GGUF file. */
  public Optional<GgufMetadata> languageMetadata() {
    return metadata(language);
  }

  /** The metadata of the vision tower if that is a GGUF file. */
  public Optional<GgufMetadata> visionMetadata() {
    return metadata(vision);
  }

  /** The files of weights. */
  List<ModelFile> files() {
    return files.mapped();
  }

  /** Unmaps the files: no tensor may be used any more. */
  @Override
  public void close() {
    files.close();
  }

  private static Optional<GgufMetadata> metadata(Source source) {
    return source instanceof GgufSource gguf ? Optional.of(gguf.metadata()) : Optional.empty();
  }
}
