package io.github.llava4j.engine;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.github.llava4j.EngineException;
import io.github.llava4j.EngineTimeoutException;
import io.github.llava4j.LlavaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request under way: what its caller holds, the state that it is in, and the thread that its listener is called on.
 * Thread-safe.
 *
 * <p>A request only ever goes on to a later {@link State}, and it ends exactly once, by whatever comes first: its
 * answer, a failure, its timeout, a cancellation, a listener that throws, the engine's end.
 */
public final class Generation {

  /** Where a request is. */
  public enum State {
    /** It waits for its turn; its pictures may be being decoded. */
    WAITING,
    /** It has a slot. */
    ADMITTED,
    /** Its pictures go through the vision tower. */
    SEEING,
    /** Its prompt goes through the decoder. */
    PREFILLING,
    /** It is being answered. */
    DECODING,
    /** It was answered, cancelled, timed out or failed. */
    ENDED
  }

  /** Something to tell the listener; after the last one there is nothing more. */
  private record Event(Runnable call, boolean last) {}

  private static final Logger LOG = LoggerFactory.getLogger(Generation.class);
  private static final Event NOTHING_MORE = new Event(() -> { }, true);
  /** Later than any deadline, and still no overflow in sums with {@link System#nanoTime()}. */
  private static final long NEVER = Long.MAX_VALUE / 4;

  private final GenerationListener listener;
  private final Runnable whenItLeaves;
  private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final CompletableFuture<GenerationResult> result = new CompletableFuture<>();
  private final CompletableFuture<Void> timer = new CompletableFuture<>();
  private final long deadline;
  private State state = State.WAITING;
  private volatile boolean cancelled;
  private volatile boolean deaf;

  /**
   * @param timeout from now on; null for none
   * @param whenItLeaves is called once if the request ends while it waits, by the thread that ends it
   */
  Generation(GenerationListener listener, @Nullable Duration timeout, Runnable whenItLeaves) {
    this.listener = listener;
    this.whenItLeaves = whenItLeaves;
    long nanos = timeout == null || timeout.compareTo(Duration.ofNanos(NEVER)) > 0 ? NEVER : timeout.toNanos();
    this.deadline = System.nanoTime() + nanos;
    Thread.ofVirtual().name("llava-generation").start(this::deliver);
    if (nanos < NEVER) {
      timer.completeOnTimeout(null, nanos, TimeUnit.NANOSECONDS).thenRun(() -> fail(timedOut(timeout)));
    }
  }

  private static EngineTimeoutException timedOut(Duration timeout) {
    return new EngineTimeoutException("the request was not answered within its timeout of " + timeout.toMillis()
        + " ms, waiting included; raise the timeout or ask for fewer tokens");
  }

  /** Where the request is now. */
  public synchronized State state() {
    return state;
  }

  /** Nanoseconds until the deadline; far more than anybody waits if there is none. */
  long remainingNanos() {
    return deadline - System.nanoTime();
  }

  /**
   * Stops the computation: at once while the request waits, else at its next step. The listener hears nothing more. Once
   * it has ended there is nothing left to stop.
   */
  public void cancel() {
    cancelled = true;
    deaf = true;
    end(true, NOTHING_MORE, () -> result.complete(GenerationResult.NOTHING));
  }

  /** Whether somebody cancelled it; it may not have ended yet. */
  public boolean isCancelled() {
    return cancelled;
  }

  /**
   * Waits for the answer.
   *
   * @return a result with {@link FinishReason#CANCELLED} and the text so far if it was cancelled
   * @throws EngineTimeoutException if it was not answered in time
   * @throws io.github.llava4j.EngineClosedException if the engine was closed or failed meanwhile
   * @throws LlavaException if it failed otherwise
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

  /** It gets a slot. Returns false, like all verbs of this kind, if it has ended meanwhile. */
  boolean admit() {
    return goOn(State.ADMITTED);
  }

  /** A tile of its pictures is next. */
  boolean see() {
    return goOn(State.SEEING);
  }

  /** Rows of its prompt are next. */
  boolean prefill() {
    return goOn(State.PREFILLING);
  }

  /** Its first or a further token is next. */
  boolean decode() {
    return goOn(State.DECODING);
  }

  private synchronized boolean goOn(State next) {
    if (state == State.ENDED) {
      return false;
    }
    if (next.compareTo(state) < 0) {
      throw new IllegalStateException("a request that is " + state + " cannot become " + next);
    }
    state = next;
    return true;
  }

  void progress(GenerationListener.Stage stage, int done, int total) {
    events.add(new Event(() -> listener.onProgress(stage, done, total), false));
  }

  void text(String text) {
    if (!text.isEmpty()) {
      events.add(new Event(() -> listener.onText(text), false));
    }
  }

  void signal(int signal) {
    events.add(new Event(() -> listener.onSignal(signal), false));
  }

  void closing() {
    events.add(new Event(listener::onClosing, false));
  }

  /** It is answered, or cancelled with what there is. Returns false, like {@link #fail}, if it has ended already. */
  boolean answer(GenerationResult answer) {
    Event last = answer.finishReason() == FinishReason.CANCELLED
        ? NOTHING_MORE
        : new Event(() -> listener.onComplete(answer), true);
    return end(false, last, () -> result.complete(answer));
  }

  boolean fail(LlavaException error) {
    return end(false, new Event(() -> listener.onError(error), true), () -> result.completeExceptionally(error));
  }

  /** It was refused before its caller got hold of it, who learns by an exception: the listener hears nothing. */
  void refuse(LlavaException error) {
    end(false, NOTHING_MORE, () -> result.completeExceptionally(error));
  }

  private boolean end(boolean onlyIfWaiting, Event last, Runnable complete) {
    boolean waited;
    synchronized (this) {
      waited = state == State.WAITING;
      if (state == State.ENDED || onlyIfWaiting && !waited) {
        return false;
      }
      state = State.ENDED;
    }
    timer.cancel(false);
    if (waited) {
      whenItLeaves.run();
    }
    events.add(last);
    complete.run();
    return true;
  }

  private void deliver() {
    try {
      Event event;
      do {
        event = events.take();
        if (!deaf) {
          tell(event);
        }
      } while (!event.last());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A listener that throws ends its request: nobody would hear the rest. */
  private void tell(Event event) {
    try {
      event.call().run();
    } catch (Throwable thrown) {
      LOG.warn("A request's listener failed, which ends the request", thrown);
      deaf = true;
      if (!event.last()) {
        EngineException failure = new EngineException("the listener of the request failed: " + thrown, thrown);
        fail(failure);
        tellOf(failure);
      }
    }
  }

  private void tellOf(EngineException failure) {
    try {
      listener.onError(failure);
    } catch (Throwable again) {
      LOG.warn("A request's listener failed once more when it was told so", again);
    }
  }
}
