package io.github.llava4j.demo.cli;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.llava4j.checkpoint.Checkpoint;
import io.github.llava4j.config.TensorCatalog;
import io.github.llava4j.engine.EngineOptions;
import io.github.llava4j.engine.LlavaEngine;
import io.github.llava4j.image.ImagePreprocessing;
import io.github.llava4j.image.ImagePreprocessing.Canvas;
import io.github.llava4j.kernels.MemoryPlan;
import io.github.llava4j.kernels.tensor.DType;
import io.github.llava4j.kernels.tensor.Tensor;
import io.github.llava4j.model.LlavaModel;
import io.github.llava4j.text.ChatTemplate;
import io.github.llava4j.text.PromptPart;
import io.github.llava4j.text.Turn;
import io.github.llava4j.text.Vocabulary;

/** All that can be said about a model without running it, as one tree for programs and people alike. */
final class ModelReport {

  private static final String EXAMPLE_QUESTION = "What is shown in this image?";
  private static final List<Canvas> EXAMPLE_SIZES =
      List.of(new Canvas(336, 336), new Canvas(640, 480), new Canvas(1344, 672));

  private final Checkpoint checkpoint;
  private final LlavaModel model;
  private final ObjectNode report = AnswerJson.MAPPER.createObjectNode();

  private ModelReport(Checkpoint checkpoint, LlavaModel model) {
    this.checkpoint = checkpoint;
    this.model = model;
  }

  static ObjectNode of(Checkpoint checkpoint, LlavaModel model, EngineOptions options) {
    ModelReport report = new ModelReport(checkpoint, model);
    report.identity();
    report.dimensions();
    report.pictures();
    report.tokenizer();
    report.template();
    report.tensors();
    report.memory(options);
    return report.report;
  }

  private void identity() {
    ObjectNode section = report.putObject("model");
    section.put("name", model.name());
    section.put("family", model.tiles() ? "LLaVA-1.6" : "LLaVA-1.5");
    section.put("variant", model.variant().name());
    section.put("container", checkpoint.container().name().toLowerCase(Locale.ROOT));
  }

  private void dimensions() {
    report.set("languageModel", AnswerJson.MAPPER.valueToTree(model.config().decoder()));
    report.set("visionTower", AnswerJson.MAPPER.valueToTree(model.config().vision()));
    report.set("projector", AnswerJson.MAPPER.valueToTree(model.config().projector()));
  }

  private void pictures() {
    ImagePreprocessing preprocessing = model.variant().preprocessing();
    ObjectNode section = AnswerJson.MAPPER.valueToTree(preprocessing);
    section.put("mode", preprocessing.mode().name().toLowerCase(Locale.ROOT));
    ArrayNode pinpoints = section.putArray("pinpoints");
    preprocessing.pinpoints().forEach(canvas -> pinpoints.add(canvas.width() + "x" + canvas.height()));
    ObjectNode tokens = section.putObject("tokens");
    for (Canvas size : EXAMPLE_SIZES) {
      tokens.put(size.width() + "x" + size.height(), model.imageTokens(size.width(), size.height(), false));
    }
    report.set("pictures", section);
  }

  private void tokenizer() {
    Vocabulary vocabulary = model.variant().vocabulary();
    ObjectNode section = report.putObject("tokenizer");
    section.put("tokens", vocabulary.size());
    section.put("addBos", vocabulary.addBos());
    section.put("prefixSpace", vocabulary.prefix().name().toLowerCase(Locale.ROOT));
    section.putPOJO("endTokens", model.variant().endTokens().stream().sorted().toList());
    ObjectNode specials = section.putObject("specials");
    Map<Integer, String> byId = new TreeMap<>();
    vocabulary.specials().forEach((text, special) -> byId.put(special.id(), text));
    byId.forEach((id, text) -> specials.put(text, id));
  }

  private void template() {
    ChatTemplate template = model.template();
    ObjectNode section = report.putObject("template");
    section.put("name", template.name());
    Turn turn = new Turn(
        Turn.Role.USER, List.of(new Turn.Content.Image(), new Turn.Content.Text(EXAMPLE_QUESTION)));
    section.put(
        "example",
        template.render(List.of(turn)).stream().map(ModelReport::text).collect(Collectors.joining()));
    section.set("stopStrings", AnswerJson.MAPPER.valueToTree(template.stopStrings()));
  }

  private static String text(PromptPart part) {
    return switch (part) {
      case PromptPart.Text(String text) -> text;
      case PromptPart.Special(String token) -> token;
      case PromptPart.Image() -> PromptPart.IMAGE_MARK;
    };
  }

  private void tensors() {
    Map<DType, long[]> byType = new EnumMap<>(DType.class);
    for (String name : TensorCatalog.of(model.config()).keySet()) {
      Tensor tensor = model.tensor(name);
      long[] sums = byType.computeIfAbsent(tensor.type(), type -> new long[3]);
      sums[0]++;
      sums[1] += tensor.count();
      sums[2] += tensor.data().byteSize();
    }
    ObjectNode section = report.putObject("tensors");
    byType.forEach((type, sums) -> {
      ObjectNode row = section.putObject(type.name());
      row.put("tensors", sums[0]);
      row.put("parameters", sums[1]);
      row.put("bytes", sums[2]);
    });
  }

  private void memory(EngineOptions options) {
    MemoryPlan plan = LlavaEngine.memoryPlan(model, options);
    ObjectNode section = report.putObject("memory");
    section.put("weightsBytes", plan.weights());
    section.put("cacheBytes", plan.cache());
    section.put("buffersBytes", plan.buffers());
    section.put("totalBytes", plan.total());
  }

  /** The tree with one field a line, names and values aligned. */
  static String forPeople(JsonNode report) {
    StringBuilder text = new StringBuilder();
    report.properties().forEach(section -> {
      text.append(words(section.getKey())).append(System.lineSeparator());
      int width = section.getValue().properties().stream().mapToInt(e -> words(e.getKey()).length()).max().orElse(0);
      section.getValue().properties().forEach(field -> text
          .append("  %-".concat(String.valueOf(Math.max(1, width))).concat("s  %s%n")
              .formatted(words(field.getKey()), value(field.getKey(), field.getValue()))));
    });
    return text.toString();
  }

  private static String value(String name, JsonNode value) {
    if (value.isObject()) {
      return value.properties().stream()
          .map(field -> words(field.getKey()) + " " + value(field.getKey(), field.getValue()))
          .collect(Collectors.joining(", "));
    }
    if (value.isArray()) {
      return value.valueStream().map(element -> value(name, element)).collect(Collectors.joining(", "));
    }
    if (name.toLowerCase(Locale.ROOT).endsWith("bytes")) {
      return Sizes.human(value.asLong());
    }
    return value.asText().replace("\n", "\\n");
  }

  /** {@code kvHeads} becomes "kv heads"; what is no name of a field stays as it is. */
  private static String words(String name) {
    return name.matches("[a-z]+([A-Z][a-z]*)*")
        ? name.replaceAll("([a-z])([A-Z])", "$1 $2").toLowerCase(Locale.ROOT)
        : name;
  }
}
