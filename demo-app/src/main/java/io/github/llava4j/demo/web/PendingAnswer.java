package io.github.llava4j.demo.web;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;

/** Hands an answer from the model's thread over to the thread that writes it. */
final class PendingAnswer implements StreamingChatResponseHandler {

  /** Something to write. */
  sealed interface Event {

    /** A piece of the answer. */
    record Token(String text) implements Event {}

    /** The whole answer: the last event. */
    record Done(ChatResponse response) implements Event {}

    /** There will be no answer: the last event. */
    record Failed(Throwable error) implements Event {}
  }

  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private volatile StreamingHandle handle;
  private volatile boolean cancelled;

  /** What stops the computation, from a model that gives it away before the first token. */
  void started(StreamingHandle started) {
    handle = started;
  }

  @Override
  public void onPartialResponse(PartialResponse partial, PartialResponseContext context) {
    handle = context.streamingHandle();
    if (cancelled) {
      handle.cancel();
    } else {
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

  /** The next event, or null if none came in time. */
  Event next(Duration timeout) throws InterruptedException {
    return events.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Nobody waits any more: stops the computation, or lets its first token do so where nothing to stop it by came
   * before that.
   */
  void cancel() {
    cancelled = true;
    StreamingHandle known = handle;
    if (known != null) {
      known.cancel();
    }
  }
}
