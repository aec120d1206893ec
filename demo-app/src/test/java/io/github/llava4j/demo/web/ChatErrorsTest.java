package io.github.llava4j.demo.web;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** What a client is told that asks for what cannot be: a status, and a text that says what is wrong. */
@TestPropertySource(properties = {
  "langchain4j.llava.image.max-pixels=3000",
  "llava4j.web.max-request-size=100KB",
  "llava4j.web.allowed-hosts=proxy.example"
})
class ChatErrorsTest extends WebServerTest {

  static Stream<Arguments> mistakes() throws IOException {
    byte[] png = Files.readAllBytes(WebTestModel.IMAGE);
    byte[] half = Arrays.copyOf(png, png.length / 2);
    byte[] large = Files.readAllBytes(WebTestModel.IMAGE.resolveSibling("landscape_120x40.png"));
    return Stream.of(
            mistake(400, "the body is no JSON: line 1", "{\"messages\":"),
            mistake(400, "the body must be a JSON object", "[]"),
            mistake(400, "messages[0].txt: there is no such field",
                "{\"messages\":[{\"role\":\"user\",\"txt\":\"a\"}]}"),
            mistake(400, "the body must be a JSON object", ""),
            mistake(400, "the body must be a JSON object", question("a") + "1"),
            mistake(400, "the body is no JSON", "{\"seed\":1,\"seed\":1}"),
            mistake(400, "the body must be a JSON object", "null"),
            mistake(400, "the body must be a JSON object", "\"a\""),
            mistake(400, "maxTokens: expected a number", "{\"messages\":[],\"maxTokens\":\"many\"}"),
            mistake(400, "maxTokens: expected a number", "{\"messages\":[],\"maxTokens\":\"5\"}"),
            mistake(400, "maxTokens: expected a number", "{\"messages\":[],\"maxTokens\":true}"),
            mistake(400, "temperature: expected a number", "{\"messages\":[],\"temperature\":\"0.5\"}"),
            mistake(400, "messages[0].text: expected a text", question("a").replace("\"a\"", "5")),
            mistake(400, "messages[0].text: expected a text", question("a").replace("\"a\"", "1.5")),
            mistake(400, "messages[0].text: expected a text", question("a").replace("\"a\"", "true")),
            mistake(400, "messages[0].text: expected a text", question("a").replace("\"a\"", "[\"a\"]")),
            mistake(400, "messages[0].images: expected a list", question("a", "").replace("[]", "\"a\"")),
            mistake(400, "messages[0].images: expected a list", question("a", "").replace("[]", "\"\"")),
            mistake(400, "messages[0].images[0]: expected an object", question("a", "5")),
            mistake(400, "messages: expected a list", "{\"messages\":{}}"),
            mistake(400, "messages[0]: expected an object", "{\"messages\":[\"a\"]}"),
            mistake(400, "maxTokens must be a whole number from 1 to 2147483647, not 1.5",
                question("a").replace("12", "1.5")),
            mistake(400, "maxTokens must be a whole number from 1 to 2147483647, not 1E+12",
                question("a").replace("12", "1e12")),
            mistake(400, "maxTokens must be a whole number from 1 to 2147483647, not 0",
                question("a").replace("12", "0")),
            mistake(400, "seed must be a whole number", question("a").replace("12", "1,\"seed\":0.5")),
            mistake(400, "seed must be a whole number", question("a").replace("12", "1,\"seed\":1e999999999")),
            mistake(400, "seed must be a whole number", question("a").replace("12", "1,\"seed\":1e-999999999")),
            mistake(400, "temperature must be", question("a").replace("12", "1,\"temperature\":1e999")),
            mistake(400, "messages: expected at least one", "{}"),
            mistake(400, "messages[0]: expected an object", "{\"messages\":[null]}"),
            mistake(400, "messages[0].role: expected user, assistant or system", "{\"messages\":[{\"text\":\"a\"}]}"),
            mistake(400, "messages[0]: expected a text", "{\"messages\":[{\"role\":\"user\"}]}"),
            mistake(400, "the last must be the user's", "{\"messages\":[{\"role\":\"assistant\",\"text\":\"a\"}]}"),
            mistake(400, "only a user's message",
                question("a", "\"data:image/png;base64,AAAA\"").replace("\"user\"", "\"system\"")),
            mistake(400, "messages[0].images[0]: expected a picture", question("a", "null")),
            mistake(400, "no address is fetched", question("a", "\"http://localhost/a.png\"")),
            mistake(400, "no file opened", question("a", "\"file:///etc/passwd\"")),
            mistake(400, "expected a whole PNG", question("a", "\"" + address("image/png", half) + "\"")),
            mistake(413, "the context has", question("word ".repeat(3000))),
            mistake(400, "temperature", question("a").replace("\"maxTokens\"", "\"temperature\":-1,\"maxTokens\"")),
            mistake(413, "pixels exceed the limits", question("a", "\"" + address("image/png", large) + "\"")),
            mistake(413, "larger than 102400 bytes", question("a".repeat(200_000))),
            mistake(415, "begins like none of them",
                question("a", "\"" + address("image/png", utf8("<svg/>")) + "\"")),
            mistake(415, "not application/pdf",
                question("a", "\"" + address("application/pdf", utf8("%PDF")) + "\"")))
        .flatMap(mistake -> Stream.of("/api/chat", "/api/chat/stream")
            .map(path -> Arguments.of(path, mistake.get()[0], mistake.get()[1], mistake.get()[2])));
  }

  private static Arguments mistake(int status, String detail, String body) {
    return Arguments.of(status, detail, body);
  }

  @ParameterizedTest(name = "{0}: {1} {2}")
  @MethodSource("mistakes")
  void isAProblemWithItsOwnStatus(String path, int status, String detail, String body) throws Exception {
    assertProblem(post(path, body), status, detail);
  }

  @Test
  void aBodyThatDoesNotSayHowLongItIsIsCountedWhileItIsRead() throws Exception {
    HttpRequest chunked = HttpRequest.newBuilder(URI.create(address("/api/chat")))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofByteArrays(
            List.of(utf8("{\"messages\":\""), utf8("a".repeat(200_000)), utf8("\"}"))))
        .build();

    assertProblem(send(chunked), 413, "larger than 102400 bytes");
  }

  @Test
  void onlyJsonIsTakenBecauseFormsOfOtherSitesCannotSendIt() throws Exception {
    HttpRequest form = HttpRequest.newBuilder(URI.create(address("/api/chat")))
        .header("Content-Type", "text/plain")
        .POST(HttpRequest.BodyPublishers.ofString(question("a")))
        .build();

    assertProblem(send(form), 415, "text/plain");
  }

  @Test
  void whatIsNotThereIsAProblemToo() throws Exception {
    assertProblem(get("/api/chat"), 405, "GET");
    assertProblem(get("/nowhere"), 404, "nowhere");
  }

  @Test
  void pagesOfOtherSitesMayNotAsk() throws Exception {
    for (String site : List.of("cross-site", "same-site")) {
      assertProblem(post("/api/chat", question("a"), "Sec-Fetch-Site", site), 403, "pages of other sites");
    }
    assertThat(post("/api/chat", question("a"), "Sec-Fetch-Site", "same-origin").statusCode()).isEqualTo(200);
  }

  @Test
  void pagesOfOtherSitesMayNotAskThroughBrowsersThatSayOnlyTheirOrigin() throws Exception {
    for (String origin : List.of(
        "http://evil.example", "http://127.0.0.1:1", "http://localhost:" + port, "https://127.0.0.1", "null", "",
        "http://127.0.0.1:" + port + ".evil.example", "http://evil.example/127.0.0.1:" + port)) {
      assertProblem(post("/api/chat", question("a"), "Origin", origin), 403, "pages of other sites");
    }
    for (String origin : List.of(address(""), "https://127.0.0.1:" + port, "https://proxy.example")) {
      assertThat(post("/api/chat", question("a"), "Origin", origin).statusCode()).as(origin).isEqualTo(200);
    }
  }

  @Test
  void aForeignNameForThisMachineIsRefused() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      OutputStream out = socket.getOutputStream();
      out.write(utf8("GET /api/model HTTP/1.1\r\nHost: rebound.example:" + port + "\r\nConnection: close\r\n\r\n"));
      String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(response).startsWith("HTTP/1.1 403").contains("this server is not called rebound.example");
    }
  }

  private static void assertProblem(HttpResponse<String> response, int status, String detail) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    JsonNode problem = json(response);
    assertThat(problem.get("status").asInt()).isEqualTo(status);
    assertThat(problem.get("title").asString()).isNotBlank();
    assertThat(problem.get("detail").asString()).contains(detail).doesNotContain("java.", "io.github");
  }
}
