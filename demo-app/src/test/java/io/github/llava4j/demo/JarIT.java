package io.github.llava4j.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The jar as its users start it: nested jars, plug-ins of ImageIO and the JVM's own idea of text. */
class JarIT {

  private static final Path RESOURCES = Path.of("../langchain4j-llava/src/test/resources").toAbsolutePath().normalize();
  private static final Path MODEL = RESOURCES.resolve("goldens/next-vicuna/model");
  /** The JVM prints this itself, and nothing can stop it. */
  private static final String INCUBATOR = "WARNING: Using incubator modules: jdk.incubator.vector";

  private record Result(int code, String out, List<String> err) {}

  @TempDir
  private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"animated.webp", "cmyk.tif", "exif6.jpg", "bilevel.bmp"})
  void readsPicturesOfEveryPlugIn(String picture) throws Exception {
    Result result = run(
        Map.of(), "describe", "--model", MODEL.toString(), "--image", RESOURCES.resolve("pictures").resolve(picture).toString(),
        "--prompt", "What?", "--max-tokens", "1", "--backend", "vector", "--json");

    assertThat(result.err()).containsExactly(INCUBATOR);
    assertThat(result.code()).isZero();
    assertThat(new JsonMapper().readTree(result.out()).get("backend").asText()).isEqualTo("vector");
  }

  @Test
  void understandsTextWhereNoLocaleIsSet() throws Exception {
    JsonNode cases = new JsonMapper().readTree(RESOURCES.resolve("goldens/next-vicuna/expected/runs/portrait_unicode.json").toFile());

    Result result = run(
        Map.of("LC_ALL", "C"), "describe", "--model", MODEL.toString(), "--image",
        RESOURCES.resolve("goldens/next-vicuna/images/decoded/portrait_30x90.png").toString(), "--raw-prompt",
        cases.get("prompt").asText(), "--max-tokens", "16", "--json");

    JsonNode json = new JsonMapper().readTree(result.out());
    assertThat(cases.get("prompt").asText()).matches("(?s).*[^\\x00-\\x7F].*");
    assertThat(json.get("tokenIds")).isEqualTo(cases.get("greedy_ids"));
    assertThat(json.get("text").asText()).isEqualTo(cases.get("greedy_text").asText());
  }

  @Test
  void aMistakeIsOneLine() throws Exception {
    Result result = run(Map.of(), "describe", "--model", "/nowhere", "--prompt", "What?");

    assertThat(result.err()).hasSize(2).first().isEqualTo(INCUBATOR);
    assertThat(result.err().getLast()).startsWith("llava4j: ").contains("/nowhere");
    assertThat(result.out()).isEmpty();
    assertThat(result.code()).isEqualTo(2);
  }

  @Test
  void withoutTheVectorModuleItSaysSoOnceAndComputesInPlainJava() throws Exception {
    Result result = start(
        Map.of(), List.of(), "describe", "--model", MODEL.toString(), "--prompt", "What?", "--max-tokens", "2", "--json");

    assertThat(result.code()).isZero();
    assertThat(new JsonMapper().readTree(result.out()).get("backend").asText()).isEqualTo("scalar");
    assertThat(result.err()).filteredOn(line -> line.contains("--add-modules jdk.incubator.vector")).hasSize(1);
  }

  @Test
  void withoutTheVectorModuleTheVectorBackendIsAMistake() throws Exception {
    Result result = start(
        Map.of(), List.of(), "describe", "--model", MODEL.toString(), "--prompt", "What?", "--backend", "vector");

    assertThat(result.err()).hasSize(1).first().asString().contains("--add-modules jdk.incubator.vector");
    assertThat(result.code()).isEqualTo(2);
  }

  @Test
  void servesThePageUntilItIsEnded() throws Exception {
    Path err = folder.resolve("err");
    Process process = new ProcessBuilder(command(
            List.of("--add-modules", "jdk.incubator.vector"), "serve", "--model", MODEL.toString(), "--port", "0"))
        .redirectError(err.toFile())
        .start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        HttpClient client = HttpClient.newHttpClient()) {
      String line = out.readLine();
      assertThat(line).startsWith("http://127.0.0.1:").contains("answers with model");
      URI page = URI.create(line.substring(0, line.indexOf(' ')));

      assertThat(client.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString()).body())
          .contains("<title>llava4j</title>");
      process.destroy();
      process.waitFor();
      assertThat(Files.readAllLines(err)).containsExactly(INCUBATOR);
    } finally {
      process.destroyForcibly();
    }
  }

  private Result run(Map<String, String> environment, String... args) throws IOException, InterruptedException {
    return start(environment, List.of("--add-modules", "jdk.incubator.vector"), args);
  }

  private Result start(Map<String, String> environment, List<String> flags, String... args)
      throws IOException, InterruptedException {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder = new ProcessBuilder(command(flags, args)).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return new Result(
        process.exitValue(), Files.readString(out, StandardCharsets.UTF_8), Files.readAllLines(err, StandardCharsets.UTF_8));
  }

  private static List<String> command(List<String> flags, String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-jar", Path.of("target/demo-app.jar").toAbsolutePath().toString()));
    command.addAll(List.of(args));
    return command;
  }
}
