package io.github.llava4j.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.llava4j.image.ImageLoader;
import io.github.llava4j.image.ImageSource;
import io.github.llava4j.image.Picture;
import io.github.llava4j.model.Output;
import io.github.llava4j.testing.Npy;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Every golden run, from prompt and picture to the greedy answer, stage by stage, in every container and on both CPU
 * backends, or those of the property {@code llava4j.test.backends}. Pictures are taken as Hugging Face decoded them, so that a JPEG decoder's rounding plays no part.
 */
class GoldenRunTest {

  private static final Path GOLDENS = Path.of("src/test/resources/goldens");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double PIXELS = 1e-6;
  private static final double STAGES = 1e-3;

  /**
   * The original LLaVA reads the list of canvases as (width, height), Hugging Face as (height, width). Where two canvases
   * are equally good, as for this smallest picture, they choose differently; the goldens are Hugging Face's.
   */
  private static final List<String> OTHER_CANVAS_IN_ORIGINAL = List.of("tiny_5x4");

  /**
   * One checkpoint.
   *
   * @param runs where the expected logits and greedy ids are: runs/*.json of the case, or one file for all
   */
  record Model(String name, String goldenCase, String path, String mmproj, String runs) {}

  static List<Model> models() {
    List<Model> models = new ArrayList<>();
    for (String goldenCase : List.of("next-vicuna", "next-mistral", "llava15", "next-k256")) {
      models.add(new Model(goldenCase, goldenCase, goldenCase + "/model", null, null));
    }
    models.add(new Model(
        "original naming", "next-vicuna", "next-vicuna/model-original-llava-format", null, null));
    for (String type : List.of("bfloat16", "float16")) {
      models.add(new Model(
          "Paddle " + type, "next-vicuna", "pdparams/" + type, null, "pdparams/expected/" + type + ".json"));
    }
    for (String type : List.of("f16", "bf16", "q8_0", "q4_0", "q4_1", "q5_0", "q5_1")) {
      models.add(gguf("next-vicuna", type, "next-vicuna/gguf/mmproj-model-f16.gguf"));
    }
    for (String type : List.of("q2_k", "q4_k_m", "q5_k_m")) {
      models.add(gguf("next-k256", type, "next-k256/model"));
    }
    return models;
  }

  private static Model gguf(String goldenCase, String type, String mmproj) {
    String folder = goldenCase + "/gguf/";
    return new Model(
        "GGUF " + type, goldenCase, folder + "text-" + type + ".gguf", mmproj, folder + "expected/text-" + type + ".json");
  }

  @TestFactory
  Stream<DynamicTest> goldens() {
    String[] backends = System.getProperty("llava4j.test.backends", "scalar,vector").split(",");
    return models().stream().flatMap(model -> Stream.of(backends)
        .map(backend -> DynamicTest.dynamicTest(model.name() + " on " + backend, () -> check(model, backend))));
  }

  private static void check(Model model, String backend) throws IOException {
    EngineOptions options = EngineOptions.builder(GOLDENS.resolve(model.path()))
        .mmproj(model.mmproj() == null ? null : GOLDENS.resolve(model.mmproj()))
        .backend(backend).threads(2).outputs(Output.ALL).build();
    Path folder = GOLDENS.resolve(model.goldenCase()).resolve("expected");
    SoftAssertions softly = new SoftAssertions();
    int runs = 0;
    try (LlavaEngine engine = LlavaEngine.open(options)) {
      for (JsonNode id : read(folder.resolve("index.json")).path("runs")) {
        if (model.name().equals("original naming") && OTHER_CANVAS_IN_ORIGINAL.contains(id.asText())) {
          continue;
        }
        JsonNode run = read(folder.resolve("runs").resolve(id.asText() + ".json"));
        JsonNode expected = run;
        Path arrays = folder.resolve("runs");
        if (model.runs() != null) {
          Path file = GOLDENS.resolve(model.runs());
          expected = read(file).path("runs").path(id.asText());
          arrays = file.getParent();
          if (expected.isMissingNode()) {
            continue;
          }
        }
        runs++;
        check(softly, engine, folder, run, expected, arrays, model);
      }
    }
    softly.assertAll();
    assertThat(runs).isPositive();
  }

  private static void check(
      SoftAssertions softly, LlavaEngine engine, Path folder, JsonNode run, JsonNode expected, Path arrays, Model model)
      throws IOException {
    String id = run.path("id").asText();
    List<GenerationRequest.Input> pictures = new ArrayList<>();
    for (JsonNode image : run.path("images")) {
      pictures.add(new GenerationRequest.Input(picture(folder, image.asText()), false));
    }
    int length = expected.path("greedy_ids").size();
    GenerationResult result = engine.generate(new GenerationRequest(
        engine.model().tokenizer().parse(run.path("prompt").asText()), pictures, Sampling.GREEDY, length, List.of(), true));
    softly.assertThat(result.trace().inputIds()).as("%s ids", id).isEqualTo(ints(run.path("input_ids_after")));
    // Weights of another precision than the model's give other features; only their logits were stored.
    boolean stages = model.runs() == null;
    for (int i = 0; i < pictures.size(); i++) {
      checkImage(softly, folder, stem(run.path("images").get(i).asText()), result.trace().images().get(i), stages);
    }
    if (stages) {
      compare(softly, id + " hidden states", result.trace().hiddenStates(), arrays, expected.path("layers_last"), STAGES);
    }
    compare(softly, id + " logits", result.trace().logits(), arrays, expected.path("logits_last"), STAGES);
    softly.assertThat(result.tokenIds()).as("%s greedy ids", id)
        .containsExactly(Arrays.stream(ints(expected.path("greedy_ids"))).boxed().toArray(Integer[]::new));
    if (expected.has("greedy_text")) {
      softly.assertThat(result.text()).as("%s text", id).isEqualTo(expected.path("greedy_text").asText());
    }
  }

  private static void checkImage(SoftAssertions softly, Path folder, String name, Trace.Image image, boolean stages)
      throws IOException {
    Path arrays = folder.resolve("images");
    JsonNode expected = read(arrays.resolve(name + ".json"));
    compare(softly, name + " pixels", image.tiles().pixels(), arrays, expected.path("pixel_values"), PIXELS);
    if (!stages) {
      return;
    }
    Npy vision = Npy.read(arrays.resolve(expected.path("vision_hidden").path("file").asText()));
    compare(softly, name + " vision features", image.features(), withoutClassToken(vision), STAGES);
    compare(softly, name + " projected", image.projected(), arrays, expected.path("projected"), STAGES);
    if (expected.has("packed")) {
      compare(softly, name + " packed", image.merged(), arrays, expected.path("packed"), STAGES);
    }
  }

  private static float[] withoutClassToken(Npy vision) {
    int rows = vision.shape()[1];
    int width = vision.shape()[2];
    float[] out = new float[vision.shape()[0] * (rows - 1) * width];
    for (int tile = 0; tile < vision.shape()[0]; tile++) {
      System.arraycopy(vision.values(), (tile * rows + 1) * width, out, tile * (rows - 1) * width, (rows - 1) * width);
    }
    return out;
  }

  private static void compare(
      SoftAssertions softly, String what, float[] actual, Path folder, JsonNode expected, double tolerance) {
    compare(softly, what, actual, Npy.read(folder.resolve(expected.path("file").asText())).values(), tolerance);
  }

  private static void compare(SoftAssertions softly, String what, float[] actual, float[] expected, double tolerance) {
    softly.assertThat(actual.length).as("%s length", what).isEqualTo(expected.length);
    double worst = 0;
    for (int i = 0; i < Math.min(actual.length, expected.length); i++) {
      double difference = Math.abs(actual[i] - expected[i]);
      worst = difference > worst || Double.isNaN(difference) ? difference : worst;
    }
    softly.assertThat(worst).as("%s, largest difference", what).isCloseTo(0, within(tolerance));
  }

  private static Picture picture(Path folder, String file) {
    Path images = folder.resolveSibling("images");
    Path decoded = images.resolve("decoded").resolve(stem(file) + ".png");
    return ImageLoader.DEFAULT.load(
        new ImageSource.File(Files.exists(decoded) ? decoded : images.resolve(file)));
  }

  private static String stem(String file) {
    return file.substring(0, file.lastIndexOf('.'));
  }

  private static int[] ints(JsonNode array) {
    int[] ints = new int[array.size()];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = array.get(i).asInt();
    }
    return ints;
  }

  private static JsonNode read(Path file) throws IOException {
    return JSON.readTree(file.toFile());
  }
}
