package io.github.llava4j.demo.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class SynthCommandTest {

  private static final String TINY = "llava-v1.6-vicuna-tiny";

  @TempDir
  private Path folder;

  @ParameterizedTest
  @CsvSource({"q8_0,Q8_0", "q4_0,Q4_0", "f16,F16"})
  void whatItWritesCanBeInspectedAndAsked(String type, String stored) throws IOException {
    assertThat(synth(folder, "--layers", 1, "--type", type).code()).isZero();

    assertThat(names(folder)).containsExactly(TINY + "-" + type + ".gguf", "mmproj-" + TINY + "-f16.gguf");
    JsonNode inspected = Cli.run("inspect", folder, "--json").json();
    assertThat(inspected.at("/model/variant").asText()).isEqualTo("LLaVA-1.6 (Vicuna)");
    assertThat(inspected.at("/languageModel/layers").asInt()).isEqualTo(1);
    assertThat(inspected.at("/tensors/" + stored + "/tensors").asInt()).isPositive();
    assertThat(inspected.at("/pictures/pinpoints")).hasSize(5);
    JsonNode answer = Cli.run(
        "describe", "--model", folder, "--image", Cli.picture("next-vicuna", "photo_200x150"), "--prompt",
        "Was heißt das?", "--max-tokens", 4, "--json").json();
    assertThat(answer.get("outputTokens").asInt()).isBetween(1, 4);
    assertThat(answer.get("imageTokens").asInt()).isEqualTo(70);
  }

  @Test
  void theSeedDecidesTheBytes() throws IOException {
    synth(folder.resolve("a"));
    synth(folder.resolve("b"));
    synth(folder.resolve("c"), "--seed", 1);

    for (String name : names(folder.resolve("a"))) {
      assertThat(folder.resolve("b").resolve(name)).hasSameBinaryContentAs(folder.resolve("a").resolve(name));
      assertThat(Files.mismatch(folder.resolve("c").resolve(name), folder.resolve("a").resolve(name))).isNotNegative();
    }
  }

  private static Cli.Result synth(Path out, Object... options) {
    return Cli.run(Stream.concat(Stream.of("synth", "--like", TINY, "--out", out), Stream.of(options)).toArray());
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
