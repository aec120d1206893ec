package io.github.llava4j.demo.web;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A started web server, and a client for it. */
@SpringBootTest(
    classes = WebApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {"langchain4j.llava.threads=1", WebServerTest.MODEL})
abstract class WebServerTest {

  /** A tiny model with random weights, or what the system property leads to. */
  static final String MODEL = "langchain4j.llava.model-path=${llava4j.test.model:" + WebTestModel.PATH + "}";

  static final JsonMapper MAPPER = JsonMapper.shared();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  /** An event of a stream. */
  record Event(String name, JsonNode data) {}

  @LocalServerPort
  int port;

  String address(String path) {
    return "http://127.0.0.1:" + port + path;
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create(address(path))).build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> post(String path, String json, String... headers) throws IOException, InterruptedException {
    return CLIENT.send(request(path, json, headers), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<InputStream> open(String path, String json) throws IOException, InterruptedException {
    return CLIENT.send(request(path, json), HttpResponse.BodyHandlers.ofInputStream());
  }

  HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest request(String path, String json, String... headers) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(address(path)))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(json));
    return headers.length == 0 ? builder.build() : builder.headers(headers).build();
  }

  static JsonNode json(HttpResponse<String> response) {
    return MAPPER.readTree(response.body());
  }

  static List<Event> events(String stream) {
    List<Event> events = new ArrayList<>();
    for (String block : stream.split("\n\n")) {
      if (!block.isBlank() && !block.startsWith(":")) {
        String[] lines = block.split("\n");
        events.add(new Event(
            lines[0].substring("event: ".length()), MAPPER.readTree(lines[1].substring("data: ".length()))));
      }
    }
    return events;
  }

  /** A request with one message. */
  static String question(String text) {
    return "{\"messages\":[{\"role\":\"user\",\"text\":\"" + text + "\"}],\"maxTokens\":12}";
  }

  /** A request with a picture, given as JSON. */
  static String question(String text, String image) {
    return "{\"messages\":[{\"role\":\"user\",\"text\":\"" + text + "\",\"images\":[" + image + "]}],\"maxTokens\":12}";
  }

  static String picture() throws IOException {
    return "\"" + address("image/png", Files.readAllBytes(WebTestModel.IMAGE)) + "\"";
  }

  static String address(String type, byte[] content) {
    return "data:" + type + ";base64," + Base64.getEncoder().encodeToString(content);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
