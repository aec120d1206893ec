package io.github.llava4j.demo.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** Bodies that are too large, too many or too slow. */
@TestPropertySource(properties = {
  "llava4j.web.max-request-size=100KB",
  "llava4j.web.max-bytes-in-flight=500KB",
  "llava4j.web.body-timeout=1s",
  "server.tomcat.connection-timeout=2s"
})
class BodiesTest extends WebServerTest {

  private static final int LARGE = 100 << 10;

  @Autowired
  private BodyBudget budget;

  @Test
  void aBodyThatIsNotReadYetHoldsItsBytesUntilItsClientIsGone() throws Exception {
    Socket[] sockets = new Socket[5];
    for (int i = 0; i < sockets.length; i++) {
      sockets[i] = begin("/api/chat", "Content-Length: " + LARGE);
    }
    awaitTaken(5 * LARGE);

    HttpResponse<String> refused = post("/api/chat/stream", question("a"));
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).hasValue("5");
    assertThat(json(refused).get("detail").asString()).contains("llava4j.web.max-bytes-in-flight is 512000");

    for (Socket socket : sockets) {
      socket.close();
    }
    awaitTaken(0);
    assertThat(post("/api/chat", question("a")).statusCode()).isEqualTo(200);
    awaitTaken(0);
  }

  @Test
  void aBodyThatDoesNotSayHowLongItIsHoldsTheMost() throws Exception {
    try (Socket socket = begin("/api/chat", "Transfer-Encoding: chunked")) {
      awaitTaken(LARGE);
      socket.getOutputStream().write(utf8("1\r\n{\r\n"));
    }
    awaitTaken(0);
  }

  @Test
  void aRefusedBodyIsAnsweredAtOnceAndTakenUpToItsEnd() throws Exception {
    int length = 20_000_000;
    try (Socket socket = begin("/api/chat", "Content-Length: " + length)) {
      // The answer is there although nothing of the body is.
      InputStream in = socket.getInputStream();
      String head = new String(in.readNBytes(12), StandardCharsets.US_ASCII);
      assertThat(head).isEqualTo("HTTP/1.1 413");
      socket.getOutputStream().write(new byte[length]);
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).contains("larger than 102400 bytes");
    }
  }

  @Test
  void aClientThatAsksFirstSendsNothingInVain() throws Exception {
    try (Socket socket = begin("/api/chat", "Content-Length: 20000000\r\nExpect: 100-continue")) {
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).startsWith("HTTP/1.1 413");
    }
    String body = question("a");
    try (Socket socket = begin("/api/chat", "Connection: close\r\nContent-Length: " + body.length() + "\r\nExpect: 100-continue")) {
      InputStream in = socket.getInputStream();
      assertThat(new String(in.readNBytes(12), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 100");
      socket.getOutputStream().write(utf8(body));
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).contains("HTTP/1.1 200");
    }
  }

  @Test
  void aBodyThatTricklesIsEnded() throws Exception {
    for (String path : new String[] {"/api/chat", "/api/chat/stream"}) {
      try (Socket socket = begin(path, "Content-Length: 1000")) {
        Thread writer = Thread.ofVirtual().start(() -> trickle(socket));
        String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        writer.interrupt();

        assertThat(response).startsWith("HTTP/1.1 408").contains("application/problem+json", "the body came too slowly");
      }
    }
    awaitTaken(0);
  }

  @Test
  void aBodyThatStopsIsEnded() throws Exception {
    try (Socket socket = begin("/api/chat", "Content-Length: 1000")) {
      String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(response).startsWith("HTTP/1.1 408");
    }
    awaitTaken(0);
  }

  @Test
  void aRefusedBodyThatTricklesIsEnded() throws Exception {
    try (Socket socket = begin("/api/chat", "Content-Length: 20000000")) {
      Thread writer = Thread.ofVirtual().start(() -> trickle(socket));
      String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      writer.interrupt();

      assertThat(response).startsWith("HTTP/1.1 413");
    }
  }

  private static void trickle(Socket socket) {
    try {
      OutputStream out = socket.getOutputStream();
      while (!Thread.currentThread().isInterrupted()) {
        out.write(' ');
        Thread.sleep(50);
      }
    } catch (IOException | InterruptedException e) {
      // The server has closed it.
    }
  }

  /** Sends the head of a request. */
  private Socket begin(String path, String headers) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(30_000);
    socket.getOutputStream().write(utf8(
        "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + headers + "\r\n\r\n"));
    return socket;
  }

  private void awaitTaken(long bytes) throws InterruptedException {
    for (int i = 0; i < 1000 && budget.taken() != bytes; i++) {
      Thread.sleep(10);
    }
    assertThat(budget.taken()).isEqualTo(bytes);
  }
}
