package io.github.llava4j.demo.web;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import io.github.llava4j.EngineException;
import io.github.llava4j.demo.web.PendingAnswer.Event;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * An answer as server-sent events, each with a JSON object as its data: {@code token} with a piece of the text,
 * then {@code done} with a {@link ChatAnswer} or {@code error} with a {@link Failure}.
 */
final class EventStream {

  /** What goes wrong at once, a bad picture or a full queue, still gets a status of its own. */
  private static final Duration BEFORE_HEADERS = Duration.ofMillis(500);

  /** How long a client can be gone before somebody notices while the model says nothing. */
  private static final Duration BETWEEN_SIGNS = Duration.ofSeconds(1);

  /** The data of {@code token}. */
  record Piece(String text) {}

  /** The data of {@code error}: a problem as it is answered where no stream has begun. */
  record Failure(String title, int status, String detail) {}

  private final HttpServletResponse response;
  private final JsonMapper mapper;
  private final String backend;

  EventStream(HttpServletResponse response, JsonMapper mapper, String backend) {
    this.response = response;
    this.mapper = mapper;
    this.backend = backend;
  }

  /**
   * Writes events until the answer ends or the client is gone, which ends the answer.
   *
   * @throws RuntimeException the answer's failure, if nothing was written yet
   */
  void write(PendingAnswer answer) {
    boolean ended = false;
    try {
      Event event = answer.next(BEFORE_HEADERS);
      if (event instanceof Event.Failed(RuntimeException error)) {
        ended = true;
        throw error;
      }
      open();
      while (!ended) {
        ended = write(event);
        if (!ended) {
          event = answer.next(BETWEEN_SIGNS);
        }
      }
    } catch (IOException e) {
      // The client is gone; there is nobody to tell.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException("the server was stopped", e);
    } finally {
      if (!ended) {
        answer.cancel();
      }
    }
  }

  private void open() throws IOException {
    response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
    response.setCharacterEncoding(StandardCharsets.UTF_8);
    response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    response.flushBuffer();
  }

  /** @return whether it was the last event */
  private boolean write(Event event) throws IOException {
    switch (event) {
      case null -> send(": still at it\n\n");
      case Event.Token(String text) -> send("token", new Piece(text));
      case Event.Done(var answer) -> send("done", ChatAnswer.of(answer, backend));
      case Event.Failed(Throwable error) -> send("error", failure(error));
    }
    return event instanceof Event.Done || event instanceof Event.Failed;
  }

  private static Failure failure(Throwable error) {
    Problem problem = Problem.of(error);
    return new Failure(problem.status().getReasonPhrase(), problem.status().value(), problem.detail());
  }

  private void send(String name, Object data) throws IOException {
    // Jackson writes no line breaks, so the object is one line of data.
    send("event: " + name + "\ndata: " + mapper.writeValueAsString(data) + "\n\n");
  }

  private void send(String text) throws IOException {
    OutputStream out = response.getOutputStream();
    out.write(text.getBytes(StandardCharsets.UTF_8));
    response.flushBuffer();
  }
}
