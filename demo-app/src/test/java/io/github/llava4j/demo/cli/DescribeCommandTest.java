package io.github.llava4j.demo.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.llava4j.demo.tools.trace.NpyFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class DescribeCommandTest {

  private static final String CASE = "next-vicuna";
  private static final Path MODEL = Cli.model(CASE);
  private static final Path PHOTO = Cli.picture(CASE, "photo_200x150");
  private static final Path EXPECTED = Cli.GOLDENS.resolve(CASE).resolve("expected");

  private static final int IMAGE_TOKEN = 800;

  @TempDir
  private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"scalar", "vector", "auto"})
  void streamsTheReferencesAnswerAndNothingElse(String backend) {
    JsonNode golden = Cli.goldenRun(CASE, "photo_200x150");

    Cli.Result result = Cli.run(
        "describe", "--model", MODEL, "--image", PHOTO, "--raw-prompt", golden.get("prompt").asText(), "--max-tokens",
        16, "--backend", backend);

    assertThat(result).isEqualTo(new Cli.Result(0, golden.get("greedy_text").asText() + System.lineSeparator(), ""));
  }

  @Test
  void jsonHasTheFieldsOfTheContract() {
    JsonNode golden = Cli.goldenRun(CASE, "photo_200x150");

    JsonNode json = describe(
        "--image", PHOTO, "--raw-prompt", golden.get("prompt").asText(), "--max-tokens", 16, "--backend", "scalar");

    assertThat(json.propertyStream().map(Map.Entry::getKey)).containsExactly(
        "text", "tokenIds", "promptTokens", "imageTokens", "outputTokens", "finishReason", "backend", "timings");
    assertThat(json.get("timings").propertyStream().map(Map.Entry::getKey))
        .containsExactly("loadMs", "imageMs", "visionMs", "prefillMs", "decodeMs");
    assertThat(json.get("timings")).allSatisfy(time -> assertThat(time.asDouble()).isPositive());
    assertThat(json.get("tokenIds")).isEqualTo(golden.get("greedy_ids"));
    assertThat(json.get("text").asText()).isEqualTo(golden.get("greedy_text").asText());
    assertThat(json.get("promptTokens").asInt()).isEqualTo(golden.get("sequence_length").asInt());
    assertThat(json.get("imageTokens").asInt()).isEqualTo(golden.at("/image_token_counts/0").asInt());
    assertThat(json.get("outputTokens").asInt()).isEqualTo(16);
    assertThat(json.get("finishReason").asText()).isEqualTo("length");
    assertThat(json.get("backend").asText()).isEqualTo("scalar");
  }

  @Test
  void endOfSequenceIsAStop() {
    JsonNode golden = Cli.goldenRun(CASE, "text_image_last");

    JsonNode json =
        describe("--image", Cli.picture(CASE, "text_160x100"), "--raw-prompt", golden.get("prompt").asText());

    assertThat(json.get("tokenIds")).isEqualTo(golden.get("greedy_ids"));
    assertThat(json.get("finishReason").asText()).isEqualTo("stop");
  }

  @Test
  void promptGoesIntoTheTemplateBehindThePictures() {
    Path trace = folder.resolve("trace");
    describe(
        "--image", PHOTO, "--prompt", "What is shown in this image?", "--max-tokens", 1, "--trace", trace);

    JsonNode template = Cli.json(EXPECTED.resolve("chat_template.json")).get(0);
    assertThat(template.get("text").asText()).isEqualTo("USER: <image>\nWhat is shown in this image? ASSISTANT:");
    // The reference has one image token there, we as many as there are features.
    List<Integer> ids = integers(Cli.json(trace.resolve("input_ids.json")));
    int image = ids.indexOf(IMAGE_TOKEN);
    List<Integer> collapsed = new ArrayList<>(ids.subList(0, image));
    collapsed.addAll(ids.subList(ids.lastIndexOf(IMAGE_TOKEN), ids.size()));
    assertThat(collapsed).isEqualTo(integers(template.get("input_ids")));
  }

  @Test
  void imageMarksOfTheUserStayText() {
    JsonNode json = describe("--image", PHOTO, "--prompt", "What does <image> mean?", "--max-tokens", 1);

    assertThat(json.get("imageTokens").asInt()).isEqualTo(70);
    assertThat(json.get("promptTokens").asInt()).isGreaterThan(70 + 10);
  }

  @Test
  void answersWithoutAPicture() {
    JsonNode golden = Cli.goldenRun(CASE, "text_only");

    JsonNode json = describe("--raw-prompt", golden.get("prompt").asText(), "--max-tokens", 16);

    assertThat(json.get("tokenIds")).isEqualTo(golden.get("greedy_ids"));
    assertThat(json.get("imageTokens").asInt()).isZero();
  }

  @Test
  void traceEqualsTheReference() throws IOException {
    JsonNode golden = Cli.goldenRun(CASE, "two_images");
    Path trace = folder.resolve("deep/er");

    describe(
        "--image", Cli.picture(CASE, "portrait_30x90"), "--image", PHOTO, "--raw-prompt", golden.get("prompt").asText(),
        "--max-tokens", 1, "--trace", trace);

    assertThat(Cli.json(trace.resolve("input_ids.json"))).isEqualTo(golden.get("input_ids_after"));
    List<String> stems = List.of("portrait_30x90", "photo_200x150");
    for (int i = 0; i < stems.size(); i++) {
      String suffix = (i == 0 ? "" : "_" + i) + ".npy";
      Path image = EXPECTED.resolve("images").resolve(stems.get(i));
      assertSame(trace.resolve("pixel_values" + suffix), image + ".pixel_values.npy", 1e-6f);
      assertSame(trace.resolve("projected_features" + suffix), image + ".projected.npy", 1e-3f);
      assertSame(trace.resolve("image_features" + suffix), image + ".packed.npy", 1e-3f);
      int[] withClass = NpyFile.read(Path.of(image + ".vision_hidden.npy")).shape();
      assertThat(NpyFile.read(trace.resolve("vision_features" + suffix)).shape())
          .containsExactly(withClass[0], withClass[1] - 1, withClass[2]);
    }
    assertSame(trace.resolve("hidden_states.npy"), EXPECTED + "/runs/two_images.layers_last.npy", 1e-3f);
    assertSame(trace.resolve("logits.npy"), EXPECTED + "/runs/two_images.logits_last.npy", 1e-3f);
  }

  @ParameterizedTest
  @ValueSource(strings = {"low", "high", "auto"})
  void detailDecidesAboutTiles(String detail) {
    JsonNode json = describe("--image", PHOTO, "--prompt", "What?", "--max-tokens", 1, "--detail", detail);

    // 16 patches of the overview, which Hugging Face ends with a newline too when there is nothing else.
    assertThat(json.get("imageTokens").asInt()).isIn(detail.equals("low") ? List.of(16, 17) : List.of(70));
  }

  @Test
  void theSameSeedGivesTheSameAnswer() {
    Object[] options = {
      "--image", PHOTO, "--prompt", "What?", "--max-tokens", 8, "--temperature", 1.5, "--top-k", 50, "--top-p", 0.95,
      "--min-p", 0.001, "--repetition-penalty", 1.1, "--frequency-penalty", 0.1, "--presence-penalty", 0.1, "--seed", 7};

    assertThat(describe(options).get("tokenIds")).isEqualTo(describe(options).get("tokenIds"));
  }

  @Test
  void stopTextEndsTheAnswer() {
    JsonNode golden = Cli.goldenRun(CASE, "photo_describe");

    JsonNode json = describe(
        "--image", PHOTO, "--raw-prompt", golden.get("prompt").asText(), "--max-tokens", 16, "--stop", " man", "--stop",
        "never");

    assertThat(json.get("text").asText()).isEqualTo("obj pl about dans");
    assertThat(json.get("finishReason").asText()).isEqualTo("stop");
  }

  @Test
  void progressGoesToAWatchedTerminalOnly() {
    Cli.Result result = Cli.runWatched(
        "describe", "--model", MODEL, "--image", PHOTO, "--prompt", "What?", "--max-tokens", 1, "--json");

    assertThat(result.err()).contains("loading", "vision: tile 1 of 5", "prompt: ").endsWith("\r\u001B[K");
    assertThat(result.json().get("outputTokens").asInt()).isEqualTo(1);
  }

  private static JsonNode describe(Object... options) {
    Cli.Result result =
        Cli.run(Stream.concat(Stream.of("describe", "--model", MODEL, "--json"), Stream.of(options)).toArray());
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    return result.json();
  }

  private static void assertSame(Path actual, String expected, float tolerance) throws IOException {
    NpyFile mine = NpyFile.read(actual);
    NpyFile golden = NpyFile.read(Path.of(expected));
    assertThat(mine.shape()).isEqualTo(golden.shape());
    assertThat(mine.values()).usingComparatorWithPrecision(tolerance).containsExactly(golden.values());
  }

  private static List<Integer> integers(JsonNode array) {
    return array.valueStream().map(JsonNode::asInt).toList();
  }
}
