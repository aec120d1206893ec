package io.github.llava4j.demo;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.llava4j.demo.Server.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The server at its limits, with a heap of 1 GB: it refuses, it goes on, and it ends in order. */
class ServeIT {

  private static final String MODEL =
      Path.of("../langchain4j-llava/src/test/resources/goldens/next-vicuna/model").toAbsolutePath().normalize().toString();
  private static final int CLIENTS = 64;
  /** Fills the context: seconds. */
  private static final String LONG_ANSWER = question("Hello", 100_000, List.of());

  @TempDir
  private Path folder;

  @Test
  void manyLargeBodiesAtOnce() throws Exception {
    String body = question("What?", 1, List.of(picture(noise(2770, 2770), "bmp")));
    assertThat(body.length()).isBetween(30_000_000, 32 << 20);
    try (Server server = start()) {
      List<Answer> responses = all(server, "/api/chat", body, CLIENTS);

      assertThat(responses).extracting(Answer::status).containsOnly(200, 503).contains(200);
      assertThat(responses).allMatch(
          response -> response.status() == 200 || response.head().contains("Retry-After: "));
      assertAnswers(server);
    }
  }

  @Test
  void hundredsOfPicturesThatAreLargeOnceDecoded() throws Exception {
    String picture = picture(png(10_000, 10_000), "png");
    String many = question("What?", 1, Collections.nCopies(31_000_000 / (picture.length() + 3), picture));
    try (Server server = start()) {
      for (String path : List.of("/api/chat", "/api/chat/stream")) {
        assertThat(server.post(path, many).join().status()).isEqualTo(413);
        assertThat(server.post(path, question("What?", 1, List.of(picture))).join().status()).isEqualTo(413);
      }
      String small = picture(png(5_000, 5_000), "png");
      String most = question("What?", 1, Collections.nCopies(100, small));
      assertThat(server.post("/api/chat", most).join().status()).isEqualTo(413);
      assertAnswers(server);
    }
  }

  @Test
  void manyPhotographsWait() throws Exception {
    String photo = picture(encode(noise(4000, 3000), "jpg"), "jpeg");
    String body = question("What?", 1, List.of(photo));
    try (Server server = start()) {
      List<Answer> responses = all(server, "/api/chat/stream", body, CLIENTS);

      assertThat(responses).extracting(Answer::status).containsOnly(200, 503).contains(200);
      assertThat(responses).filteredOn(response -> response.status() == 200)
          .allMatch(response -> response.body().contains("event: done"));
      JsonNode memory = server.model().get("memory");
      assertThat(memory.get("bodies").asLong()).isZero();
      assertThat(memory.get("tiles").asLong()).isZero();
      assertAnswers(server);
    }
  }

  @Test
  void whoHangsUpFreesThePlaceAtOnce() throws Exception {
    try (Server server = start("--backend", "scalar")) {
      for (String path : List.of("/api/chat", "/api/chat/stream")) {
        List<Socket> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
          clients.add(server.send(path, LONG_ANSWER));
        }
        // The first ones may have been answered by now.
        server.awaitRequests(CLIENTS / 2, CLIENTS);
        for (Socket client : clients) {
          client.close();
        }
        server.awaitRequests(0, 0);
      }
      assertAnswers(server);
    }
  }

  @Test
  void aFullQueueIsAlwaysToldByTheStatus() throws Exception {
    try (Server server = start("--backend", "scalar", "--context", "300")) {
      for (String path : List.of("/api/chat", "/api/chat/stream")) {
        List<Answer> answers = all(server, path, LONG_ANSWER, 2 * CLIENTS);

        assertThat(answers).extracting(Answer::status).containsOnly(200, 503).contains(200, 503);
        assertThat(answers).allMatch(answer -> answer.status() == 200
            ? answer.body().contains("outputTokens") : answer.head().contains("Retry-After: "));
      }
    }
  }

  @Test
  void whatRunsComesToItsEndWhenTheProcessIsToEnd() throws Exception {
    try (Server server = start("--backend", "scalar")) {
      List<CompletableFuture<Answer>> requests = new ArrayList<>();
      requests.add(server.post("/api/chat/stream", LONG_ANSWER));
      server.awaitRequests(1, 1);
      for (int i = 0; i < 4; i++) {
        requests.add(server.post(i % 2 == 0 ? "/api/chat" : "/api/chat/stream", LONG_ANSWER));
      }
      server.awaitRequests(5, 5);

      server.terminate();

      assertThat(requests.getFirst().join().status()).isEqualTo(200);
      assertThat(requests.getFirst().join().body()).contains("event: done");
      for (CompletableFuture<Answer> waiting : requests.subList(1, requests.size())) {
        assertThat(waiting.join().status()).isEqualTo(503);
        assertThat(waiting.join().body()).contains("shutting down");
      }
      server.exitCode();
      assertThat(server.log()).noneMatch(line -> line.startsWith("\tat ") || line.startsWith("ERROR"));
    }
  }

  private Server start(String... options) throws IOException {
    List<String> all = new ArrayList<>(List.of("--model", MODEL));
    all.addAll(List.of(options));
    return Server.start(folder, List.of("-Xmx1g"), all.toArray(String[]::new));
  }

  /** All at the same time; none of them is cut off. */
  private static List<Answer> all(Server server, String path, String body, int clients) {
    byte[] bytes = body.getBytes(StandardCharsets.US_ASCII);
    List<CompletableFuture<Answer>> requests = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      requests.add(server.post(path, bytes));
    }
    List<Answer> answers = requests.stream().map(CompletableFuture::join).toList();
    assertThat(answers).filteredOn(answer -> answer.status() == 0).as("cut off").isEmpty();
    return answers;
  }

  private static void assertAnswers(Server server) throws Exception {
    Answer answer = server.post("/api/chat", question("What?", 1, List.of())).join();
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(server.isAlive()).isTrue();
    assertThat(server.log()).noneMatch(line -> line.contains("OutOfMemory") || line.startsWith("ERROR"));
    JsonNode memory = server.model().get("memory");
    assertThat(memory.get("heapUsed").asLong()).isLessThan(memory.get("heapMax").asLong());
  }

  private static String question(String text, int maxTokens, List<String> images) {
    return new JsonMapper().valueToTree(Map.of(
        "maxTokens", maxTokens, "messages", List.of(Map.of("role", "user", "text", text, "images", images)))).toString();
  }

  private static String picture(byte[] encoded, String type) {
    return "data:image/" + type + ";base64," + Base64.getEncoder().encodeToString(encoded);
  }

  private static String picture(BufferedImage image, String type) throws Exception {
    return picture(encode(image, type), type);
  }

  private static byte[] encode(BufferedImage image, String type) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, type, out)).isTrue();
    return out.toByteArray();
  }

  private static BufferedImage noise(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    byte[] bytes = ((java.awt.image.DataBufferByte) image.getRaster().getDataBuffer()).getData();
    new Random(1).nextBytes(bytes);
    return image;
  }

  /** A black picture, one bit a pixel: few bytes for many pixels. */
  private static byte[] png(int width, int height) throws Exception {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(data, new Deflater(9))) {
      deflater.write(new byte[(1 + (width + 7) / 8) * height]);
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    png.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    chunk(png, "IHDR", ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) 1).array());
    chunk(png, "IDAT", data.toByteArray());
    chunk(png, "IEND", new byte[0]);
    return png.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream png, String type, byte[] content) throws Exception {
    ByteBuffer chunk = ByteBuffer.allocate(12 + content.length).putInt(content.length)
        .put(type.getBytes(StandardCharsets.US_ASCII)).put(content);
    CRC32 crc = new CRC32();
    crc.update(chunk.array(), 4, 4 + content.length);
    png.write(chunk.putInt((int) crc.getValue()).array());
  }
}
