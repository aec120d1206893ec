package io.github.llava4j.spring;

import java.time.Duration;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Ends the engine's requests before a web server's graceful shutdown, which then has nothing left to wait for: what
 * runs may go on for a while, what waits or comes is told that there is no answer, and all of it while there is still
 * somebody to write it to a client.
 *
 * <p>An engine that has ended does not begin again; contexts that only pause, as those of tests do, leave it alone.
 */
final class LlavaShutdown implements SmartLifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(LlavaShutdown.class);

  /**
   * After what brings requests (the default phase) and before a web server stops to take connections, which is
   * Spring Boot's {@code WebServerGracefulShutdownLifecycle}, at {@code DEFAULT_PHASE - 1024}.
   */
  static final int PHASE = DEFAULT_PHASE - 512;

  private final LoadedEngine loaded;
  private final Duration grace;
  private volatile boolean running;

  LlavaShutdown(LoadedEngine loaded, Duration grace) {
    this.loaded = loaded;
    this.grace = grace;
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    loaded.get().ifPresent(engine -> {
      int answers = engine.status().running();
      if (answers > 0) {
        LOG.info("{} answers are being written and have {} s to end", answers, grace.toSeconds());
      }
      if (!engine.drain(grace)) {
        LOG.warn("{} answers did not end within {}.shutdown-timeout={} s and are cut off",
            engine.status().running(), LlavaProperties.PREFIX, grace.toSeconds());
      }
      engine.close();
    });
  }

  @Override
  public void stop(Runnable callback) {
    // What else stops in this phase need not wait.
    Thread.ofPlatform().name("llava-shutdown").start(() -> {
      try {
        stop();
      } finally {
        callback.run();
      }
    });
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public boolean isPauseable() {
    return false;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
