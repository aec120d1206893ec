package io.github.llava4j.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.llava4j.CheckpointException;
import io.github.llava4j.config.ConfigStyle;
import io.github.llava4j.config.DecoderJson;
import io.github.llava4j.config.JsonFields;
import io.github.llava4j.config.LlavaConfig;
import io.github.llava4j.config.ProjectorJson;
import io.github.llava4j.config.TowerShape;
import io.github.llava4j.config.VisionJson;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A folder with a {@code config.json} and a state dictionary, whichever file that lies in. */
final class StateDictSource implements Source {

  private static final Logger LOG = LoggerFactory.getLogger(StateDictSource.class);
  private static final String CONFIG = "config.json";
  private static final String TOWER = "vision_config.json";

  private final ModelFiles files;
  private final Documents documents;
  private final Container container;
  private final JsonFields config;
  private final ConfigStyle style;
  private final Map<String, StoredTensor> tensors;

  StateDictSource(ModelFiles files, Documents documents, Container container, List<StoredTensor> tensors) {
    this.files = files;
    this.documents = documents;
    this.container = container;
    this.config = JsonFields.of(documents.path(CONFIG), documents.json(CONFIG).orElseThrow(
        () -> new CheckpointException(documents.path(CONFIG) + ": no such file; it must lie beside the weights")));
    this.style = style(config);
    // These models want other tokens around a picture.
    config.requireFlag("mm_use_im_start_end", false);
    this.tensors = canonical(documents.path(""), container, tensors);
  }

  private static ConfigStyle style(JsonFields config) {
    if (config.has("quantization_config")) {
      throw config.unsupported("quantization_config");
    }
    String type = config.text("model_type", "llava");
    boolean nested = config.has("text_config") || !config.has("hidden_size");
    boolean known =
        nested
            ? type.equals("llava") || type.equals("llava_next")
            : type.equals("llava") || type.equals("llava_llama") || type.equals("llava_mistral");
    if (!known) {
      throw config.unsupported("model_type");
    }
    return nested ? ConfigStyle.HUGGING_FACE : ConfigStyle.ORIGINAL;
  }

  private static Map<String, StoredTensor> canonical(Path folder, Container container, List<StoredTensor> stored) {
    boolean paddle =
        container == Container.PDPARAMS || stored.stream().anyMatch(t -> StateDictNames.isPaddle(t.name()));
    Map<String, StoredTensor> canonical = new LinkedHashMap<>();
    List<String> unknown = new ArrayList<>();
    for (StoredTensor tensor : stored) {
      if (StateDictNames.isIgnorable(tensor.name())) {
        continue;
      }
      if (StateDictNames.isFused(tensor.name())) {
        throw tensor.error("holds several weights in one (fused), which is not supported");
      }
      String name = StateDictNames.canonical(tensor.name()).orElse(null);
      if (name == null) {
        unknown.add(tensor.name());
        continue;
      }
      boolean turned = paddle && StateDictNames.isLinear(name) && tensor.shape().length == 2;
      StoredTensor before = canonical.put(name, turned ? tensor.transposed() : tensor);
      if (before != null) {
        throw tensor.error("is the same as " + before.name() + ": both are " + name);
      }
    }
    Names.refuseUnknown(folder, unknown);
    return canonical;
  }

  @Override
  public Container container() {
    return container;
  }

  @Override
  public Documents documents() {
    return documents;
  }

  @Override
  public ConfigStyle style() {
    return style;
  }

  @Override
  public Map<String, StoredTensor> tensors() {
    return tensors;
  }

  @Override
  public boolean tiedHead() {
    boolean said = config.flag("tie_word_embeddings", false) || text().flag("tie_word_embeddings", false);
    boolean stored = tensors.containsKey("llm.head");
    if (said && stored) {
      // The flag's default has changed over time; transformers 5 takes the stored one, too.
      LOG.info("{}: tie_word_embeddings is true, but an output layer is stored: it is used", config.file());
    }
    return said && !stored;
  }

  @Override
  public LlavaConfig.Decoder decoder() {
    return DecoderJson.read(text());
  }

  @Override
  public LlavaConfig.Vision vision() {
    if (style == ConfigStyle.HUGGING_FACE) {
      return VisionJson.huggingFace(config);
    }
    TowerShape shape = TowerShape.of(documents.path(""), shapes());
    return VisionJson.original(config, tower(shape), shape, decoder().headDim());
  }

  @Override
  public LlavaConfig.Projector projector() {
    return style == ConfigStyle.HUGGING_FACE ? ProjectorJson.huggingFace(config) : ProjectorJson.original(config);
  }

  private Map<String, long[]> shapes() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
    return shapes;
  }

  private JsonFields text() {
    return style == ConfigStyle.HUGGING_FACE ? config.object("text_config") : config;
  }

  /**
   * The description of the vision tower: in the configuration, in the folder, or beside the folder, where it may be
   * shared by several models and is therefore taken only if it fits.
   */
  private JsonFields tower(TowerShape shape) {
    if (config.has("vision_config")) {
      return config.object("vision_config");
    }
    Optional<JsonNode> own = documents.json(TOWER);
    if (own.isPresent()) {
      JsonFields tower = JsonFields.of(documents.path(TOWER), own.get());
      if (!VisionJson.describes(tower, shape)) {
        throw new CheckpointException(
            documents.path(TOWER) + ": describes another vision tower than the weights, which have " + shape);
      }
      return tower;
    }
    Path parent = documents.path("").toAbsolutePath().getParent();
    if (parent != null) {
      Documents beside = new Documents(files, parent);
      Optional<JsonNode> shared = beside.json(TOWER);
      if (shared.isPresent()) {
        JsonFields tower = JsonFields.of(beside.path(TOWER), shared.get());
        if (VisionJson.describes(tower, shape)) {
          return tower;
        }
      }
    }
    return new JsonFields(documents.path(TOWER), MissingNode.getInstance());
  }
}
