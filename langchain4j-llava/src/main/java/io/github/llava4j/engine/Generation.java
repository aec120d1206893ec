package io.github.llava4j.engine;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;

import io.github.llava4j.EngineException;
import io.github.llava4j.LlavaException;

/** A request under way: what its caller holds, and the thread that its listener is called on. */
public final class Generation {

  private static final Runnable END = () -> { };

  private final GenerationListener listener;
  private final LinkedBlockingQueue<Runnable> events = new LinkedBlockingQueue<>();
  private final CompletableFuture<GenerationResult> result = new CompletableFuture<>();
  private volatile boolean cancelled;

  Generation(GenerationListener listener) {
    this.listener = listener;
    Thread.ofVirtual().name("llava-generation").start(this::deliver);
  }

  /** Stops the computation at its next step; the listener hears nothing more. Does nothing once it has ended. */
  public void cancel() {
    cancelled = true;
  }

  public boolean isCancelled() {
    return cancelled;
  }

  /**
   * Waits for the answer.
   *
   * @return a result with {@link FinishReason#CANCELLED} and the text so far if it was cancelled
   * @throws LlavaException if it failed
   */
  public GenerationResult await() {
    try {
      return result.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof LlavaException known) {
        throw known;
      }
      throw new EngineException("generation failed: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      cancel();
      Thread.currentThread().interrupt();
      throw new EngineException("interrupted while waiting for an answer", e);
    }
  }

  void progress(GenerationListener.Stage stage, int done, int total) {
    events.add(() -> listener.onProgress(stage, done, total));
  }

  void text(String text) {
    if (!text.isEmpty()) {
      events.add(() -> listener.onText(text));
    }
  }

  void complete(GenerationResult answer) {
    if (answer.finishReason() != FinishReason.CANCELLED) {
      events.add(() -> listener.onComplete(answer));
    }
    events.add(END);
    result.complete(answer);
  }

  void fail(Throwable error) {
    events.add(() -> listener.onError(error));
    events.add(END);
    result.completeExceptionally(error);
  }

  /** Ends the delivery of a request that was never accepted. */
  void abandon() {
    events.add(END);
  }

  private void deliver() {
    try {
      for (Runnable event = events.take(); event != END; event = events.take()) {
        if (!cancelled) {
          event.run();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
