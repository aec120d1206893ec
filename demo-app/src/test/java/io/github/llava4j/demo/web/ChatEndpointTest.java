package io.github.llava4j.demo.web;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Questions and answers over HTTP. */
class ChatEndpointTest extends WebServerTest {

  @Test
  void answersAQuestionAboutAPicture() throws Exception {
    HttpResponse<String> response = post("/api/chat", question("What is it?", picture()));

    assertThat(response.statusCode()).isEqualTo(200);
    JsonNode answer = json(response);
    assertThat(answer.get("text").asString()).isNotBlank();
    assertThat(answer.get("finishReason").asString()).isIn("stop", "length");
    assertThat(answer.get("usage").get("outputTokens").asInt()).isBetween(1, 12);
    assertThat(answer.get("usage").get("imageTokens").asInt()).isPositive();
    assertThat(answer.get("usage").get("inputTokens").asInt())
        .isGreaterThan(answer.get("usage").get("imageTokens").asInt());
    assertThat(answer.get("timings").get("prefillMs").asDouble()).isPositive();
    assertThat(answer.get("model").asString()).isEqualTo(json(get("/api/model")).get("name").asString());
    assertThat(answer.get("backend").asString()).isIn("scalar", "vector", "tornado");
  }

  @Test
  void aPictureMayBeAnObjectToo() throws Exception {
    String base64 = Base64.getEncoder().encodeToString(Files.readAllBytes(WebTestModel.IMAGE));
    String object = "{\"mimeType\":\"image/png\",\"base64\":\"" + base64 + "\"}";

    assertThat(text(question("What is it?", object))).isEqualTo(text(question("What is it?", picture())));
  }

  @Test
  void aStreamSaysTheSameWordByWord() throws Exception {
    String question = question("What is it?", picture());
    HttpResponse<String> response = post("/api/chat/stream", question);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream;charset=UTF-8");
    assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
    List<Event> events = events(response.body());
    List<Event> tokens = events.subList(0, events.size() - 1);
    assertThat(tokens).hasSizeGreaterThan(1).allMatch(event -> event.name().equals("token"));
    assertThat(events.getLast().name()).isEqualTo("done");
    String streamed = tokens.stream().map(event -> event.data().get("text").asString()).collect(Collectors.joining());
    assertThat(streamed)
        .isEqualTo(events.getLast().data().get("text").asString())
        .isEqualTo(text(question));
  }

  @Test
  void aSecondQuestionKnowsThePictureAndReadsItNoMore() throws Exception {
    String first = text(question("What is it?", picture()));
    String conversation = "{\"messages\":[{\"role\":\"user\",\"text\":\"What is it?\",\"images\":[" + picture() + "]},"
        + "{\"role\":\"assistant\",\"text\":" + MAPPER.writeValueAsString(first) + "},"
        + "{\"role\":\"user\",\"text\":\"And now?\"}],\"maxTokens\":4,\"temperature\":0,\"seed\":7}";

    JsonNode usage = json(post("/api/chat", conversation)).get("usage");

    assertThat(usage.get("cachedTokens").asInt()).isGreaterThan(usage.get("imageTokens").asInt());
  }

  @Test
  void seedsMakeDrawsRepeatable() throws Exception {
    String drawn = "{\"messages\":[{\"role\":\"system\",\"text\":\"Be brief.\"},"
        + "{\"role\":\"user\",\"text\":\"Hello\"}],"
        + "\"maxTokens\":12,\"temperature\":1.5,\"seed\":%d}";

    assertThat(text(drawn.formatted(1))).isEqualTo(text(drawn.formatted(1))).isNotEqualTo(text(drawn.formatted(2)));
  }

  @Test
  void saysWhatAnswers() throws Exception {
    JsonNode info = json(get("/api/model"));

    assertThat(info.get("variant").asString()).startsWith("LLaVA-1.");
    assertThat(info.get("dimensions").get("layers").asInt()).isPositive();
    assertThat(info.get("backend").get("description").asString()).isNotBlank();
    assertThat(info.get("backend").get("devices").get(0).asString()).isNotBlank();
    assertThat(info.get("maxRequestBytes").asLong()).isEqualTo(32 << 20);
  }

  @Test
  void thePageIsServedWithAStrictPolicyAndNoScriptInIt() throws Exception {
    HttpResponse<String> page = get("/");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("<script type=\"module\" src=\"js/app.js\"></script>")
        .doesNotContain("<script>").doesNotContain("style=").doesNotContain("onclick").doesNotContain("http://");
    for (String path : List.of("/", "/js/app.js", "/api/model", "/nowhere")) {
      assertThat(get(path).headers().firstValue("Content-Security-Policy"))
          .hasValueSatisfying(policy -> assertThat(policy)
              .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
              .doesNotContain("unsafe"));
    }
    assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(page.headers().map()).doesNotContainKey("access-control-allow-origin");
  }

  private String text(String question) throws IOException, InterruptedException {
    HttpResponse<String> response = post("/api/chat", question);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return json(response).get("text").asString();
  }
}
