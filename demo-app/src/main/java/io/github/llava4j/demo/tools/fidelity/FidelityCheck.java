package io.github.llava4j.demo.tools.fidelity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.llava4j.checkpoint.GgufNames;
import io.github.llava4j.config.TensorCatalog;
import io.github.llava4j.engine.EngineOptions;
import io.github.llava4j.engine.GenerationRequest;
import io.github.llava4j.engine.GenerationResult;
import io.github.llava4j.engine.LlavaEngine;
import io.github.llava4j.engine.Sampling;
import io.github.llava4j.engine.Trace;
import io.github.llava4j.image.ImageLoader;
import io.github.llava4j.image.ImageSource;
import io.github.llava4j.image.Picture;
import io.github.llava4j.model.LlavaModel;
import io.github.llava4j.model.Output;

/** Runs all references through the engine and measures how far it is from them. */
public final class FidelityCheck {

  private static final int NEW_TOKENS = 16;

  private FidelityCheck() {}

  /**
   * @param goldens the folder of references
   * @param backends names of the backends to run
   * @param progress hears what comes next
   */
  public static FidelityReport run(Path goldens, List<String> backends, Consumer<String> progress) throws IOException {
    Path scratch = Files.createTempDirectory("llava4j-fidelity");
    try {
      Map<String, String> devices = new LinkedHashMap<>();
      List<Measured> results = new ArrayList<>();
      for (Subject subject : Goldens.subjects(goldens, scratch)) {
        for (String backend : backends) {
          progress.accept(subject.name() + ", " + subject.container() + ", " + backend);
          results.add(measure(subject, backend, devices));
        }
      }
      return new FidelityReport(devices, results, jpegs(goldens));
    } finally {
      delete(scratch);
    }
  }

  private static Measured measure(Subject subject, String backend, Map<String, String> devices) throws IOException {
    EngineOptions options =
        EngineOptions.builder(subject.model()).mmproj(subject.mmproj()).backend(backend).outputs(Output.ALL).build();
    try (LlavaEngine engine = LlavaEngine.open(options)) {
      devices.put(engine.backend().id(), engine.backend().description());
      Measured measured = new Measured(subject, engine.backend().id());
      if (subject.weights() != null) {
        compareWeights(subject.weights(), engine.model(), measured);
      }
      for (Subject.Run run : subject.runs()) {
        compare(run, engine, measured);
      }
      return measured;
    }
  }

  private static void compare(Subject.Run run, LlavaEngine engine, Measured measured) throws IOException {
    List<GenerationRequest.Input> pictures = run.pictures().stream()
        .map(file -> new GenerationRequest.Input(load(file), false))
        .toList();
    GenerationResult result = engine.generate(new GenerationRequest(
        engine.model().tokenizer().parse(run.prompt()), pictures, Sampling.GREEDY, NEW_TOKENS, List.of(), true));
    Trace trace = result.trace();
    for (int i = 0; i < run.images().size(); i++) {
      Subject.Image expected = run.images().get(i);
      Trace.Image actual = trace.images().get(i);
      measured.compare(Stage.PIXELS, expected.pixels(), actual.tiles().pixels());
      measured.compareWithoutClass(Stage.VISION, expected.vision(), actual.features());
      measured.compare(Stage.PROJECTED, expected.projected(), actual.projected());
      measured.compare(Stage.MERGED, expected.merged(), actual.merged());
    }
    measured.compare(Stage.HIDDEN, run.hiddenStates(), trace.hiddenStates());
    measured.compare(Stage.LOGITS, run.logits(), trace.logits());
    measured.countRun(
        Arrays.equals(run.inputIds(), trace.inputIds()), run.greedyIds().equals(result.tokenIds()));
  }

  /** The references hold a few values of each tensor. */
  private static void compareWeights(JsonNode expected, LlavaModel model, Measured measured) {
    for (String name : TensorCatalog.decoder(model.config().decoder()).keySet()) {
      JsonNode tensor = expected.get(GgufNames.gguf(name));
      if (tensor != null) {
        float[] values = model.tensor(name).toFloats();
        for (JsonNode point : tensor.get("points")) {
          measured.add(Stage.WEIGHTS, Math.abs(point.get(1).asDouble() - values[point.get(0).asInt()]));
        }
      }
    }
  }

  private static List<FidelityReport.Jpeg> jpegs(Path goldens) throws IOException {
    List<FidelityReport.Jpeg> jpegs = new ArrayList<>();
    for (Map.Entry<Path, Path> entry : Goldens.jpegs(goldens).entrySet()) {
      byte[] actual = load(entry.getKey()).rgb();
      byte[] expected = load(entry.getValue()).rgb();
      int largest = actual.length == expected.length ? 0 : 255;
      int different = 0;
      for (int i = 0; i < Math.min(actual.length, expected.length); i++) {
        int difference = Math.abs((actual[i] & 0xFF) - (expected[i] & 0xFF));
        largest = Math.max(largest, difference);
        different += difference == 0 ? 0 : 1;
      }
      String name = goldens.relativize(entry.getKey()).toString();
      jpegs.add(new FidelityReport.Jpeg(name, largest, (double) different / expected.length));
    }
    return jpegs;
  }

  private static Picture load(Path file) {
    return ImageLoader.DEFAULT.load(new ImageSource.File(file));
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
