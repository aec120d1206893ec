package io.github.llava4j.demo.tools.fidelity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.llava4j.checkpoint.Checkpoint;
import io.github.llava4j.checkpoint.ModelSource;
import io.github.llava4j.demo.tools.synth.GgufModelFiles;
import io.github.llava4j.model.LlavaModel;
import org.jspecify.annotations.Nullable;

/**
 * The folder of reference outputs, whose README.md describes it, read as subjects. Where parts are missing, so are their
 * subjects.
 */
final class Goldens {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  /** The case whose weights the other containers hold. */
  private static final String CONVERTED = "next-vicuna";

  private final Path root;
  private final Path scratch;
  private final List<Subject> subjects = new ArrayList<>();

  private Goldens(Path root, Path scratch) {
    this.root = root;
    this.scratch = scratch;
  }

  /** @param scratch an empty folder for checkpoints that must be put together first */
  static List<Subject> subjects(Path root, Path scratch) throws IOException {
    Goldens goldens = new Goldens(root, scratch);
    for (Path index : list(root, "*/expected/index.json")) {
      goldens.addCase(index.getParent().getParent());
    }
    for (Path expected : list(root, "pdparams/expected/*.json")) {
      goldens.addPaddle(expected);
    }
    return goldens.subjects;
  }

  /** All JPEG pictures of the cases with what the reference's decoder made of them. */
  static Map<Path, Path> jpegs(Path root) throws IOException {
    Map<Path, Path> decoded = new TreeMap<>();
    for (Path jpeg : list(root, "*/images/*.jpg")) {
      Path png = decoded(jpeg);
      if (Files.exists(png)) {
        decoded.put(jpeg, png);
      }
    }
    return decoded;
  }

  private void addCase(Path folder) throws IOException {
    String name = folder.getFileName().toString();
    List<String> all = texts(json(folder.resolve("expected/index.json")).get("runs"));
    List<Subject.Run> runs = new ArrayList<>();
    for (String id : all) {
      runs.add(run(folder, id, null, null, true, true));
    }
    add(name, "safetensors", folder.resolve("model"), null, null, runs);
    if (Files.exists(folder.resolve("model-sharded"))) {
      add(name, "safetensors, sharded", sharded(folder), null, null, runs);
    }
    Path original = folder.resolve("model-original-llava-format");
    if (Files.exists(original)) {
      // The original reads the same configuration differently for very small pictures; the reference is Hugging Face's,
      // and these runs are the ones of which both make the same.
      List<String> shared = Files.exists(root.resolve("pdparams/expected/float16.json"))
          ? names(json(root.resolve("pdparams/expected/float16.json")).get("runs"))
          : all;
      add(name, "original LLaVA", original, null, null, runs.stream().filter(r -> shared.contains(r.id())).toList());
    }
    for (Path expected : list(folder, "gguf/expected/text-*.json")) {
      addGguf(folder, expected);
    }
  }

  private void addGguf(Path folder, Path expected) throws IOException {
    JsonNode reference = json(expected);
    boolean exact = reference.get("max_abs_weight_error_vs_model").asDouble() == 0;
    List<Subject.Run> runs = new ArrayList<>();
    if (exact) {
      // The very weights of the case: all its runs are references for them.
      for (String id : texts(json(folder.resolve("expected/index.json")).get("runs"))) {
        runs.add(run(folder, id, null, null, true, true));
      }
    } else {
      for (String id : names(reference.get("runs"))) {
        runs.add(run(folder, id, reference.get("runs").get(id), expected.getParent(), true, false));
      }
    }
    String name = folder.getFileName().toString();
    String file = reference.get("file").asText();
    Path model = folder.resolve("gguf").resolve(file);
    String type = file.replaceAll("^text-|\\.gguf$", "");
    List<Path> towers = list(folder, "gguf/mmproj-*.gguf");
    if (towers.isEmpty()) {
      towers = List.of(exportedTower(folder));
    }
    for (Path tower : exact ? towers : towers.subList(0, 1)) {
      String precision = tower.getFileName().toString().replaceAll("^mmproj-model-|-.*|\\.gguf$", "");
      add(name, "GGUF " + type + ", mmproj " + precision, model, tower, reference.get("tensors"), runs);
    }
  }

  private void addPaddle(Path expected) throws IOException {
    JsonNode reference = json(expected);
    String type = expected.getFileName().toString().replace(".json", "");
    Path folder = root.resolve(CONVERTED);
    boolean exact = type.equals("float16");
    List<Subject.Run> runs = new ArrayList<>();
    for (String id : names(reference.get("runs"))) {
      runs.add(run(folder, id, reference.get("runs").get(id), expected.getParent(), exact, exact));
    }
    add(CONVERTED, "pdparams " + type, root.resolve("pdparams").resolve(type), null, null, runs);
  }

  /**
   * @param override results for other weights than the case's own, in {@code overrideFolder}; or null
   * @param sameVision whether vision tower and projector have the case's own weights
   * @param sameDecoder whether the language model has
   */
  private static Subject.Run run(
      Path folder, String id, @Nullable JsonNode override, @Nullable Path overrideFolder, boolean sameVision, boolean sameDecoder)
      throws IOException {
    Path runs = folder.resolve("expected/runs");
    JsonNode own = json(runs.resolve(id + ".json"));
    List<Path> pictures = new ArrayList<>();
    List<Subject.Image> images = new ArrayList<>();
    for (String file : texts(own.get("images"))) {
      Path picture = folder.resolve("images").resolve(file);
      pictures.add(decoded(picture));
      images.add(image(folder.resolve("expected/images"), stem(picture), sameVision));
    }
    JsonNode results = override == null ? own : override;
    Path logits = (override == null ? runs : overrideFolder).resolve(results.get("logits_last").get("file").asText());
    return new Subject.Run(
        id,
        own.get("prompt").asText(),
        pictures,
        images,
        integers(own.get("input_ids_after")).mapToInt(Integer::intValue).toArray(),
        sameDecoder ? runs.resolve(own.get("layers_last").get("file").asText()) : null,
        logits,
        integers(results.get("greedy_ids")).toList());
  }

  private static Subject.Image image(Path folder, String stem, boolean sameVision) throws IOException {
    Path pixels = folder.resolve(stem + ".pixel_values.npy");
    if (!sameVision) {
      return new Subject.Image(pixels, null, null, null);
    }
    Path projected = folder.resolve(stem + ".projected.npy");
    Path packed = folder.resolve(stem + ".packed.npy");
    return new Subject.Image(
        pixels, folder.resolve(stem + ".vision_hidden.npy"), projected, Files.exists(packed) ? packed : projected);
  }

  /** Shards lie without the files that they need. */
  private Path sharded(Path folder) throws IOException {
    Path whole = Files.createDirectories(scratch.resolve(folder.getFileName() + "-sharded"));
    for (Path file : list(folder, "model/*.{json,model}")) {
      Files.copy(file, whole.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
    }
    for (Path file : list(folder, "model-sharded/model*")) {
      Files.copy(file, whole.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
    }
    return whole;
  }

  /** The case's own vision tower as an mmproj file, for language models that came without one. */
  private Path exportedTower(Path folder) throws IOException {
    Path file = scratch.resolve("mmproj-model-exported-" + folder.getFileName() + ".gguf");
    if (Files.exists(file)) {
      return file;
    }
    try (Checkpoint checkpoint = Checkpoint.open(ModelSource.of(folder.resolve("model"), null))) {
      LlavaModel model = LlavaModel.of(checkpoint, null, Set.of());
      GgufModelFiles.writeVision(
          file,
          checkpoint.config(),
          model.variant().preprocessing(),
          (name, shape) -> checkpoint.tensor(name).type(),
          (name, type, shape, out) -> out.data(checkpoint.tensor(name).data().asByteBuffer()));
    }
    return file;
  }

  private void add(String name, String container, Path model, @Nullable Path mmproj, @Nullable JsonNode weights, List<Subject.Run> runs) {
    if (Files.exists(model)) {
      subjects.add(new Subject(name, container, model, mmproj, weights, runs));
    }
  }

  private static Path decoded(Path picture) {
    return picture.resolveSibling("decoded").resolve(stem(picture) + ".png");
  }

  private static String stem(Path picture) {
    return picture.getFileName().toString().replaceAll("\\.[^.]*$", "");
  }

  private static JsonNode json(Path file) throws IOException {
    return MAPPER.readTree(file.toFile());
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }

  private static List<String> names(JsonNode object) {
    return object.propertyStream().map(Map.Entry::getKey).toList();
  }

  private static Stream<Integer> integers(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asInt);
  }

  /** Files below {@code folder} that match a glob, in order. */
  private static List<Path> list(Path folder, String glob) throws IOException {
    var matcher = folder.getFileSystem().getPathMatcher("glob:" + glob);
    int depth = folder.getFileSystem().getPath(glob).getNameCount();
    try (Stream<Path> files = Files.walk(folder, depth)) {
      return files.filter(file -> matcher.matches(folder.relativize(file))).sorted().toList();
    }
  }
}
