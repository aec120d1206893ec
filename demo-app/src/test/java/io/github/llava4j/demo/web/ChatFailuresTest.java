package io.github.llava4j.demo.web;

import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
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
  void aFullQueueSaysWhenToComeBack(String path) throws Exception {
    HttpResponse<String> response = post(path, question("busy"));

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).hasValue("5");
    assertThat(json(response).get("detail").asString()).isEqualTo("the engine is busy: 64 requests wait already");
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
  void aClientThatGoesAwayEndsItsAnswer() throws Exception {
    try (InputStream stream = open("/api/chat/stream", question("endless")).body()) {
      assertThat(stream.read()).isNotNegative();
    }

    model.cancelled.await();
  }

  @Test
  void aModelThatMeasuresNothingHasNoTimings() throws Exception {
    assertThat(json(post("/api/chat", question("hello"))).get("timings").isNull()).isTrue();
  }
}
