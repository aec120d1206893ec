package io.github.llava4j.demo.web;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import io.github.llava4j.EngineException;
import io.github.llava4j.langchain4j.LlavaStreamingChatModel;
import org.jspecify.annotations.Nullable;

/** Hands an answer from the model's threads over to the thread that writes it, as long as there is a client. */
final class PendingAnswer implements AutoCloseable {

  /** Something to write. */
  sealed interface Event {

    /** A piece of the answer. */
    record Token(String text) implements Event {}

    /** The whole answer: the last event. */
    record Done(ChatResponse response) implements Event {}

    /** There will be no answer: the last event. */
    record Failed(Throwable error) implements Event {}

    /** Nothing happened for a while. */
    record Silence() implements Event {}
  }

  /** How long a client can be gone before somebody notices. */
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Client client;
  private final Thread starter;
  private volatile @Nullable StreamingHandle handle;
  private volatile boolean accepted;
  private volatile boolean cancelled;

  private PendingAnswer(StreamingChatModel model, ChatRequest request, Client client) {
    this.client = client;
    this.starter = Thread.ofVirtual().name("llava-ask").unstarted(() -> start(model, request));
  }

  /** Asks a model, on a thread of its own: reading large pictures takes its time, and the client may go meanwhile. */
  static PendingAnswer of(StreamingChatModel model, ChatRequest request, Client client) {
    PendingAnswer answer = new PendingAnswer(model, request, client);
    answer.starter.start();
    return answer;
  }

  private void start(StreamingChatModel model, ChatRequest request) {
    try {
      if (model instanceof LlavaStreamingChatModel llava) {
        stopBy(llava.start(request, new Handler()));
      } else {
        model.chat(request, new Handler());
      }
      accepted = true;
    } catch (RuntimeException | Error e) {
      events.add(new Event.Failed(e));
    }
  }

  private void stopBy(StreamingHandle known) {
    handle = known;
    if (cancelled) {
      known.cancel();
    }
  }

  private final class Handler implements StreamingChatResponseHandler {

    @Override
    public void onPartialResponse(PartialResponse partial, PartialResponseContext context) {
      stopBy(context.streamingHandle());
      if (!cancelled) {
        events.add(new Event.Token(partial.text()));
      }
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
      events.add(new Event.Done(response));
    }

    @Override
    public void onError(Throwable error) {
      events.add(new Event.Failed(error));
    }
  }

  /** Whether the model took the request: what is refused at once, a bad picture or a full queue, has been refused. */
  boolean isAccepted() {
    return accepted;
  }

  /**
   * The next event; {@link Event.Silence} if there is none for a moment.
   *
   * @throws ClientGoneException if nobody waits for it
   */
  Event next() {
    if (client.isGone()) {
      throw new ClientGoneException(null);
    }
    try {
      Event event = events.poll(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
      return event == null ? new Event.Silence() : event;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException("the server was stopped", e);
    }
  }

  /**
   * The whole answer.
   *
   * @throws ClientGoneException if nobody waits for it
   * @throws RuntimeException the model's failure
   */
  ChatResponse whole() {
    while (true) {
      switch (next()) {
        case Event.Done(ChatResponse response) -> {
          return response;
        }
        case Event.Failed(Throwable error) -> throw unchecked(error);
        case Event.Token _, Event.Silence _ -> { }
      }
    }
  }

  /** A failure as something that can be thrown. */
  static RuntimeException unchecked(Throwable error) {
    return error instanceof RuntimeException known ? known : new IllegalStateException(error);
  }

  /**
   * Stops the computation, if it has not ended; where nothing is known to stop it by, its first token does so. Does
   * nothing to an answer that has ended.
   */
  @Override
  public void close() {
    cancelled = true;
    StreamingHandle known = handle;
    if (known != null) {
      known.cancel();
    }
    // Ends the waiting for room to decode pictures, too.
    starter.interrupt();
  }
}
