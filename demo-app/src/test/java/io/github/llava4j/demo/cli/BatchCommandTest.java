package io.github.llava4j.demo.cli;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class BatchCommandTest {

  private static final String CASE = "llava15";
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  @TempDir
  private Path folder;

  @Test
  void answersAllRunsInOrder() throws IOException {
    List<String> ids = List.of("text_only", "photo_200x150", "two_images", "portrait_30x90");
    List<String> lines = new ArrayList<>();
    for (String id : ids) {
      JsonNode golden = Cli.goldenRun(CASE, id);
      ObjectNode line = MAPPER.createObjectNode();
      line.put("id", id).put("rawPrompt", golden.get("prompt").asText()).put("maxTokens", 16);
      golden.get("images").forEach(image ->
          line.withArray("images").add(Cli.picture(CASE, image.asText().replaceAll("\\..*", "")).toString()));
      lines.add(line.toString());
    }

    Cli.Result result = batch(lines);

    assertThat(result.code()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.lines()).hasSameSizeAs(ids);
    for (int i = 0; i < ids.size(); i++) {
      JsonNode answer = result.lines().get(i);
      assertThat(answer.get("id").asText()).isEqualTo(ids.get(i));
      assertThat(answer.get("tokenIds")).isEqualTo(Cli.goldenRun(CASE, ids.get(i)).get("greedy_ids"));
    }
  }

  @Test
  void aBadLineGetsAnErrorAndTheRunGoesOn() throws IOException {
    Files.copy(Cli.picture(CASE, "tiny_5x4"), folder.resolve("tiny.png"));
    Files.writeString(folder.resolve("broken.png"), "no picture");

    Cli.Result result = batch(List.of(
        "{\"id\":1,\"images\":[\"tiny.png\"],\"prompt\":\"What?\",\"maxTokens\":2}",
        "",
        "{\"id\":\"missing\",\"images\":[\"nowhere.png\"],\"prompt\":\"What?\"}",
        "{\"id\":\"broken\",\"images\":[\"broken.png\"],\"prompt\":\"What?\"}",
        "{\"id\":\"unknown\",\"prompt\":\"What?\",\"maxToken\":2}",
        "{\"id\":\"both\",\"prompt\":\"What?\",\"rawPrompt\":\"What?\"}",
        "{\"id\":\"none\"}",
        "{\"id\":\"text\",\"prompt\":\"What?\",\"maxTokens\":\"2\"}",
        "{\"id\":\"half\",\"prompt\":\"What?\",\"topK\":1.5}",
        "{\"id\":\"hot\",\"prompt\":\"What?\",\"temperature\":-1}",
        "{\"id\":\"marks\",\"rawPrompt\":\"<image>\"}",
        "{\"id\":\"detail\",\"prompt\":\"What?\",\"detail\":\"medium\"}",
        "{\"id\":\"null\",\"prompt\":\"What?\",\"images\":[null]}",
        "{\"id\":\"stop\",\"prompt\":\"What?\",\"stop\":[null]}",
        "{\"id\":\"long\",\"prompt\":\"" + "What? ".repeat(3000) + "\"}",
        "{\"prompt\":\"What?\"}",
        "{\"id\":1,\"prompt\":\"again\"}",
        "nonsense",
        "[1]",
        "{\"id\":\"last\",\"prompt\":\"Say ä!\",\"maxTokens\":1,\"temperature\":0.5,\"topK\":5,\"topP\":0.9,\"minP\":0.1,"
            + "\"seed\":3,\"detail\":\"low\",\"stop\":[\"x\"],\"repetitionPenalty\":1.1,\"frequencyPenalty\":0.1,"
            + "\"presencePenalty\":0.1}"));

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).isEmpty();
    assertThat(result.lines().stream().map(BatchCommandTest::summary)).containsExactly(
        "1 answered", "\"missing\" image", "\"broken\" image", "\"unknown\" request", "\"both\" request",
        "\"none\" request", "\"text\" request", "\"half\" request", "\"hot\" prompt", "\"marks\" prompt",
        "\"detail\" request", "\"null\" request", "\"stop\" request", "\"long\" prompt", "null request", "1 request",
        "null request", "null request", "\"last\" answered");
    assertThat(result.lines().get(3).at("/error/message").asText()).contains("maxToken").doesNotContain("\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
  void aByteOrderMarkIsNoPartOfTheFirstRequest(String charset) throws IOException {
    String lines = "\uFEFF{\"id\":1,\"prompt\":\"Was heißt ä?\",\"maxTokens\":1}\r\n{\"id\":2,\"prompt\":\"Hello\",\"maxTokens\":1}\r\n";
    Path requests = Files.writeString(folder.resolve("requests.jsonl"), lines, Charset.forName(charset));

    Cli.Result result = Cli.run("batch", "--model", Cli.model(CASE), "--requests", requests);

    assertThat(result.lines().stream().map(BatchCommandTest::summary)).containsExactly("1 answered", "2 answered");
    assertThat(result.code()).isZero();
  }

  @Test
  void wrongFieldsAreNamedInTheUsersWords() throws IOException {
    Cli.Result result = batch(List.of(
        "{\"id\":1,\"images\":\"c.png\",\"prompt\":\"x\"}",
        "{\"id\":2,\"image\":\"c.png\",\"prompt\":\"x\"}",
        "{\"id\":3,\"images\":[5],\"prompt\":\"x\"}",
        "{\"id\":4,\"prompt\":5}",
        "{\"id\":5,\"prompt\":[\"x\"]}",
        "{\"id\":6,\"prompt\":\"x\",\"maxTokens\":1.5}",
        "{\"id\":7,\"prompt\":\"x\",\"maxTokens\":99999999999}",
        "{\"id\":8,\"prompt\":\"x\",\"temperature\":\"1\"}",
        "{\"id\":9,\"prompt\":\"x\",\"seed\":1e99}",
        "{\"id\":10,\"prompt\":\"x\",\"stop\":{}}",
        "{\"id\":11,\"prompt\":true}"));

    assertThat(result.lines().stream().map(line -> line.at("/error/message").asText())).satisfiesExactly(
        message -> assertThat(message).isEqualTo("images: expected a list of texts"),
        message -> assertThat(message).startsWith("image: there is no such field; there are detail, ").contains(", images, "),
        message -> assertThat(message).isEqualTo("images[0]: expected a text"),
        message -> assertThat(message).isEqualTo("prompt: expected a text"),
        message -> assertThat(message).isEqualTo("prompt: expected a text"),
        message -> assertThat(message).isEqualTo("maxTokens: expected a whole number that is not too large"),
        message -> assertThat(message).isEqualTo("maxTokens: expected a whole number that is not too large"),
        message -> assertThat(message).isEqualTo("temperature: expected a number"),
        message -> assertThat(message).isEqualTo("seed: expected a whole number that is not too large"),
        message -> assertThat(message).isEqualTo("stop: expected a list of texts"),
        message -> assertThat(message).isEqualTo("prompt: expected a text"));
  }

  @Test
  void tracesGoToAFolderForEachIdAndNowhereElse() throws IOException {
    List<String> ids = List.of("a", "7", "../evil", "..", ".", "", "a/b", "a\\\\b", "/tmp/llava4j-evil");

    Cli.Result result = batch(
        ids.stream().map(id -> "{\"id\":\"" + id + "\",\"prompt\":\"What?\",\"maxTokens\":1}").toList(),
        "--trace", folder.resolve("traces"), "--backend", "scalar");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.lines().stream().filter(line -> line.has("text"))).hasSize(2);
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile).map(file -> folder.relativize(file).toString()))
          .containsExactlyInAnyOrder(
              "requests.jsonl", "traces/a/input_ids.json", "traces/a/hidden_states.npy", "traces/a/logits.npy",
              "traces/7/input_ids.json", "traces/7/hidden_states.npy", "traces/7/logits.npy");
    }
  }

  @Test
  void anAnswerThatTakesTooLongIsAnErrorOfItsOwn() throws IOException {
    Cli.Result result = batch(
        List.of("{\"id\":1,\"prompt\":\"" + "What? ".repeat(200) + "\",\"maxTokens\":1000}"), "--timeout", "0.001");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.lines().stream().map(BatchCommandTest::summary)).containsExactly("1 timeout");
  }

  @Test
  void writesToAFile() throws IOException {
    Path out = folder.resolve("answers.jsonl");

    Cli.Result result = batch(List.of("{\"id\":\"ä\",\"prompt\":\"Was heißt ä?\",\"maxTokens\":1}"), "--out", out);

    assertThat(result).isEqualTo(new Cli.Result(0, "", ""));
    assertThat(Cli.json(out).get("id").asText()).isEqualTo("ä");
  }

  private Cli.Result batch(List<String> lines, Object... options) throws IOException {
    Path requests = folder.resolve("requests.jsonl");
    Files.write(requests, lines);
    return Cli.run(Stream.concat(
        Stream.of("batch", "--model", Cli.model(CASE), "--requests", requests), Stream.of(options)).toArray());
  }

  private static String summary(JsonNode line) {
    return line.get("id") + " " + (line.has("text") ? "answered" : line.at("/error/type").asText());
  }
}
