package io.github.llava4j.demo.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.github.llava4j.engine.Generation;
import io.github.llava4j.engine.GenerationListener;
import io.github.llava4j.engine.GenerationRequest;
import io.github.llava4j.engine.GenerationResult;
import io.github.llava4j.engine.LlavaEngine;
import org.jspecify.annotations.Nullable;

/**
 * Puts requests to an engine one after another, shows their progress, and lets Ctrl-C end the running one: it is then
 * cancelled and the command gets a moment to finish its output before the JVM goes.
 */
final class Conversation implements AutoCloseable {

  private static final int GRACE_SECONDS = 5;
  private static final int POLL_MILLIS = 100;

  private final LlavaEngine engine;
  private final Progress progress;
  private final Thread hook = new Thread(this::interrupt, "llava4j-ctrl-c");
  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile @Nullable Generation current;
  private volatile boolean interrupted;

  Conversation(LlavaEngine engine, Progress progress) {
    this.engine = engine;
    this.progress = progress;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  LlavaEngine engine() {
    return engine;
  }

  /** Whether the user wants no more of it. */
  boolean interrupted() {
    return interrupted;
  }

  /**
   * Answers one request.
   *
   * @param text gets the answer piece by piece; all of it has been delivered when this returns
   */
  GenerationResult ask(GenerationRequest request, Consumer<String> text) {
    CountDownLatch delivered = new CountDownLatch(1);
    Generation generation = engine.submit(request, new GenerationListener() {
      @Override
      public void onProgress(Stage stage, int done, int total) {
        progress.show(stage, done, total);
      }

      @Override
      public void onText(String part) {
        progress.clear();
        text.accept(part);
      }

      @Override
      public void onComplete(GenerationResult result) {
        delivered.countDown();
      }

      @Override
      public void onError(Throwable error) {
        delivered.countDown();
      }
    });
    current = generation;
    if (interrupted) {
      generation.cancel();
    }
    try {
      return generation.await();
    } finally {
      awaitDelivery(delivered, generation);
      progress.clear();
    }
  }

  /** The engine has the answer before all of it went through the listener, and the listener hears nothing once cancelled. */
  private static void awaitDelivery(CountDownLatch delivered, Generation generation) {
    try {
      while (!generation.isCancelled() && !delivered.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        // A reader of stdout that takes its time is waited for.
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void interrupt() {
    interrupted = true;
    Generation generation = current;
    if (generation != null) {
      generation.cancel();
    }
    try {
      finished.await(GRACE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    finished.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is on its way out, with the hook running: the engine's thread dies with it.
      return;
    }
    engine.close();
  }
}
