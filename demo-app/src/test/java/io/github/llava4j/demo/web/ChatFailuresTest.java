package io.github.llava4j.demo.web;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/** What a client is told when the server is at its end, and what the server does when a client is gone. */
@Import(ScriptedModels.class)
@ExtendWith(OutputCaptureExtension.class)
class ChatFailuresTest extends WebServerTest {

  @Autowired
  private ScriptedModels.Streaming model;

  @ParameterizedTest
  @ValueSource(strings = {"/api/chat", "/api/chat/stream"})
  void aFullQueueSaysWhenToComeBack(String path, CapturedOutput output) throws Exception {
    HttpResponse<String> response = post(path, question("busy"));

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).hasValue("5");
    assertThat(json(response).get("detail").asString()).isEqualTo("the engine is busy: 64 requests wait already");
    assertThat(output).contains("Refused a request with 503: EngineBusyException: the engine is busy");
  }

  @ParameterizedTest
  @CsvSource({
    "drained, 503, the server is shutting down", "timeout, 504, no answer within 1 s", "heap, 503, not enough heap",
    "full, 503, too little memory", "pixels, 413, 600 pictures"
  })
  void everyRefusalIsOneLineInTheLogAndHasItsStatus(
      String question, int status, String detail, CapturedOutput output) throws Exception {
    for (String path : List.of("/api/chat", "/api/chat/stream")) {
      HttpResponse<String> response = post(path, question(question));

      assertThat(response.statusCode()).isEqualTo(status);
      assertThat(json(response).get("detail").asString()).contains(detail);
    }
    assertThat(output.toString().lines().filter(line -> line.contains("Refused a request with " + status))).hasSize(2);
    assertThat(output).doesNotContain("\tat ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/chat", "/api/chat/stream"})
  void theEnginesFailureIsTold(String path) throws Exception {
    HttpResponse<String> response = post(path, question("broken"));

    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(json(response).get("detail").asString()).isEqualTo("the engine is closed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/chat", "/api/chat/stream"})
  void whatNobodyExpectedIsForTheLogAlone(String path, CapturedOutput output) throws Exception {
    HttpResponse<String> response = post(path, question("bug"));

    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.body()).contains("its log says how").doesNotContain("secret");
    assertThat(output).contains("A request failed").contains("secret");
  }

  @Test
  void aFailureInTheMiddleOfAStreamIsAnEvent() throws Exception {
    List<Event> events = events(post("/api/chat/stream", question("late")).body());

    assertThat(events).extracting(Event::name).endsWith("error");
    assertThat(events.getLast().data().get("status").asInt()).isEqualTo(500);
    assertThat(events.getLast().data().get("detail").asString()).isEqualTo("the engine is closed");
  }

  @Test
  void aClientThatGoesAwayEndsItsStream() throws Exception {
    try (InputStream stream = open("/api/chat/stream", question("endless")).body()) {
      assertThat(stream.read()).isNotNegative();
    }

    model.cancelled.acquire();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aClientThatGoesAwayEndsItsAnswerBeforeAnyOfItWasWritten(boolean chunked) throws Exception {
    byte[] body = utf8(question("endless"));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(utf8("POST /api/chat HTTP/1.1\r\nHost: localhost\r\n"
          + "Content-Type: application/json\r\n" + (chunked
              ? "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(body.length) + "\r\n"
              : "Content-Length: " + body.length + "\r\n\r\n")));
      socket.getOutputStream().write(body);
      if (chunked) {
        socket.getOutputStream().write(utf8("\r\n0\r\n\r\n"));
      }
      model.begun.acquire();
      assertThat(model.cancelled.tryAcquire()).isFalse();
    }

    model.cancelled.acquire();
  }

  @Test
  void aConnectionEndsWithItsAnswerBecauseLookingForAHangUpLosesWhatCameEarly() throws Exception {
    String body = question("slow");
    String request = "POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(utf8(request + request));

      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 200").contains("Connection: close").endsWith("}");
      assertThat(answer.split("HTTP/1.1")).hasSize(2);
    }
  }

  @Test
  void aModelThatMeasuresNothingHasNoTimings() throws Exception {
    assertThat(json(post("/api/chat", question("hello"))).get("timings").isNull()).isTrue();
  }
}
