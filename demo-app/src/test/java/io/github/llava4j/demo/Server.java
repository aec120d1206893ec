package io.github.llava4j.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** {@code llava serve} in a process of its own, with the heap and the flags of an operator. */
final class Server implements AutoCloseable {

  private static final JsonMapper MAPPER = new JsonMapper();
  /** Guards against hanging alone. */
  private static final Duration LONG = Duration.ofMinutes(2);

  private final Process process;
  private final Path err;
  private final URI address;
  private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private Server(Process process, Path err, URI address) {
    this.process = process;
    this.err = err;
    this.address = address;
  }

  static Server start(Path folder, List<String> flags, String... options) throws IOException {
    Path err = folder.resolve("server.err");
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--add-modules", "jdk.incubator.vector",
        "-XX:+ExitOnOutOfMemoryError"));
    command.addAll(flags);
    command.addAll(List.of(
        "-jar", Path.of("target/demo-app.jar").toAbsolutePath().toString(), "serve", "--port", "0"));
    command.addAll(List.of(options));
    Process process = new ProcessBuilder(command).redirectError(err.toFile()).start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    String line = out.readLine();
    if (line == null) {
      throw new IOException("the server did not start: " + Files.readString(err));
    }
    return new Server(process, err, URI.create(line.substring(0, line.indexOf(' '))));
  }

  /** What a client got; one that got nothing has the status 0. */
  record Answer(int status, String head, String body) {

    private static Answer of(String response) {
      int end = response.indexOf("\r\n\r\n");
      return end < 0
          ? new Answer(0, response, "")
          : new Answer(Integer.parseInt(response.substring(9, 12)), response.substring(0, end), response.substring(end + 4));
    }
  }

  CompletableFuture<Answer> post(String path, String body) {
    return post(path, bytes(body));
  }

  /** Asks on a connection of its own. */
  CompletableFuture<Answer> post(String path, byte[] body) {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    Thread.ofPlatform().daemon().start(() -> {
      try (Socket socket = send(path, body)) {
        socket.setSoTimeout((int) LONG.toMillis());
        answer.complete(Answer.of(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)));
      } catch (IOException e) {
        answer.complete(new Answer(0, e.toString(), ""));
      }
    });
    return answer;
  }

  /** Sends a request and reads no answer. */
  Socket send(String path, String body) throws IOException {
    return send(path, bytes(body));
  }

  private Socket send(String path, byte[] body) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort());
    socket.getOutputStream().write(bytes("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        + "Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n"));
    socket.getOutputStream().write(body);
    return socket;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** What {@code /api/model} says. */
  JsonNode model() throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(address.resolve("/api/model")).timeout(LONG).build();
    return MAPPER.readTree(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  /** Waits until the number of requests in the engine is one of these. */
  void awaitRequests(int least, int most) throws IOException, InterruptedException {
    long start = System.nanoTime();
    int seen;
    do {
      JsonNode status = model().get("status");
      seen = status.get("running").asInt() + status.get("waiting").asInt();
      if (System.nanoTime() - start > LONG.toNanos()) {
        throw new IllegalStateException("there are " + seen + " requests and not " + least + " to " + most);
      }
    } while (seen < least || seen > most);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** SIGTERM. */
  void terminate() {
    process.destroy();
  }

  int exitCode() throws InterruptedException {
    if (!process.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("the server did not end");
    }
    return process.exitValue();
  }

  /** What it said to its operator. */
  List<String> log() throws IOException {
    return Files.readAllLines(err, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    client.close();
    process.destroyForcibly();
  }
}
