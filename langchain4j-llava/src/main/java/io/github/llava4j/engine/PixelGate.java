package io.github.llava4j.engine;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.github.llava4j.EngineClosedException;
import io.github.llava4j.EngineException;
import io.github.llava4j.EngineTimeoutException;

/**
 * Bounds how many pixels are decoded at the same time, first come, first served. A picture of more pixels than the bound
 * goes alone. Thread-safe.
 */
final class PixelGate {

  private final int most;
  private final Semaphore free;
  private volatile boolean closed;

  PixelGate(long most) {
    this.most = (int) Math.min(most, Integer.MAX_VALUE / 2);
    this.free = new Semaphore(this.most, true);
  }

  /**
   * Does {@code work}, which decodes so many pixels, as soon as there is room.
   *
   * @param generation whose deadline holds
   * @throws EngineTimeoutException if there was no room before the deadline
   * @throws EngineClosedException if the gate was closed
   * @throws EngineException with an {@link InterruptedException} as the cause if the thread was interrupted
   */
  <T> T pass(long pixels, Generation generation, Supplier<T> work) {
    int permits = (int) Math.min(pixels, most);
    try {
      if (!free.tryAcquire(permits, generation.remainingNanos(), TimeUnit.NANOSECONDS)) {
        throw new EngineTimeoutException("the request was not answered within its timeout: it waited for other"
            + " pictures to be decoded, of which the limit decodePixels allows " + most + " pixels at the same time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException("interrupted while waiting for other pictures to be decoded", e);
    }
    try {
      if (closed) {
        throw new EngineClosedException("the engine was closed");
      }
      return work.get();
    } finally {
      free.release(permits);
    }
  }

  /** Ends all waiting. */
  void close() {
    closed = true;
    // As many again, so that each who waits comes through, one after the other, and hears of it.
    free.release(most);
  }
}
