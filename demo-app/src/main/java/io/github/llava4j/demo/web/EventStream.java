package io.github.llava4j.demo.web;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import io.github.llava4j.demo.web.PendingAnswer.Event;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * An answer as server-sent events, each with a JSON object as its data: {@code token} with a piece of the text,
 * then {@code done} with a {@link ChatAnswer} or {@code error} with a {@link Failure}.
 *
 * <p>The response begins with the first of them, so that whatever goes wrong before has a status of its own. Only a
 * request that was accepted and waits long gets its headers earlier, and signs of life: proxies end what is silent.
 */
final class EventStream {

  private static final Duration LONG_WAIT = Duration.ofSeconds(10);
  private static final Duration BETWEEN_SIGNS = Duration.ofSeconds(1);

  /** The data of {@code token}. */
  record Piece(String text) {}

  /** The data of {@code error}: a problem as it is answered where no stream has begun. */
  record Failure(String title, int status, @Nullable String detail) {}

  private final HttpServletResponse response;
  private final JsonMapper mapper;
  private final String backend;
  private boolean begun;
  private long lastSign = System.nanoTime();

  EventStream(HttpServletResponse response, JsonMapper mapper, String backend) {
    this.response = response;
    this.mapper = mapper;
    this.backend = backend;
  }

  /**
   * Writes events until the answer ends.
   *
   * @throws ClientGoneException if nobody waits for it
   * @throws RuntimeException the answer's failure, if nothing was written yet
   */
  void write(PendingAnswer answer) {
    try {
      while (true) {
        switch (answer.next()) {
          case Event.Token(String text) -> send("token", new Piece(text));
          case Event.Silence _ -> showLife(answer);
          case Event.Done(var whole) -> {
            send("done", ChatAnswer.of(whole, backend));
            return;
          }
          case Event.Failed(Throwable error) -> {
            if (!begun) {
              throw PendingAnswer.unchecked(error);
            }
            send("error", failure(error));
            return;
          }
        }
      }
    } catch (IOException e) {
      throw new ClientGoneException(e);
    }
  }

  private void showLife(PendingAnswer answer) throws IOException {
    Duration silent = Duration.ofNanos(System.nanoTime() - lastSign);
    if (answer.isAccepted() && silent.compareTo(begun ? BETWEEN_SIGNS : LONG_WAIT) > 0) {
      send(": still at it\n\n");
    }
  }

  private static Failure failure(Throwable error) {
    Problem problem = Problem.of(error);
    problem.log(error);
    return new Failure(problem.status().getReasonPhrase(), problem.status().value(), problem.detail());
  }

  private void send(String name, Object data) throws IOException {
    // Jackson writes no line breaks, so the object is one line of data.
    send("event: " + name + "\ndata: " + mapper.writeValueAsString(data) + "\n\n");
  }

  private void send(String text) throws IOException {
    if (!begun) {
      begun = true;
      response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
      response.setCharacterEncoding(StandardCharsets.UTF_8);
      response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    }
    OutputStream out = response.getOutputStream();
    out.write(text.getBytes(StandardCharsets.UTF_8));
    response.flushBuffer();
    lastSign = System.nanoTime();
  }
}
