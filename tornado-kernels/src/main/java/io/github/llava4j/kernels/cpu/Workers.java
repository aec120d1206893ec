package io.github.llava4j.kernels.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed team of platform threads for short parallel loops: the caller is one of them, the others spin for a moment
 * between loops and then park. One loop runs at a time.
 */
public final class Workers implements AutoCloseable {

  /** One piece of a parallel loop. */
  @FunctionalInterface
  public interface Task {
    /** Does item {@code index}. */
    void run(int index);
  }

  private static final int SPINS = 20_000;

  private final Thread[] helpers;
  private volatile Loop current;
  private volatile boolean closed;

  /** @param threads team size including the caller */
  public Workers(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, not " + threads);
    }
    helpers = new Thread[threads - 1];
    for (int i = 0; i < helpers.length; i++) {
      helpers[i] = Thread.ofPlatform().daemon().name("llava-worker-" + (i + 1)).start(this::help);
    }
  }

  /** Team size, the caller included. */
  public int size() {
    return helpers.length + 1;
  }

  /**
   * Runs {@code task} for 0 to {@code count - 1}, in any order, and returns when all are done.
   *
   * @throws RuntimeException the first failure of a task
   */
  public synchronized void forEach(int count, Task task) {
    if (closed) {
      throw new IllegalStateException("the worker threads are closed");
    }
    if (helpers.length == 0 || count == 1) {
      for (int i = 0; i < count; i++) {
        task.run(i);
      }
      return;
    }
    Loop loop = new Loop(count, task);
    current = loop;
    for (Thread helper : helpers) {
      LockSupport.unpark(helper);
    }
    loop.work();
    while (loop.remaining.get() > 0) {
      Thread.onSpinWait();
    }
    current = null;
    Throwable failure = loop.failure.get();
    if (failure instanceof RuntimeException e) {
      throw e;
    } else if (failure instanceof Error e) {
      throw e;
    }
  }

  private void help() {
    Loop done = null;
    int idle = 0;
    while (!closed) {
      Loop loop = current;
      if (loop != null && loop != done) {
        loop.work();
        done = loop;
        idle = 0;
      } else if (++idle < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.park(this);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Thread helper : helpers) {
      LockSupport.unpark(helper);
    }
  }

  private static final class Loop {
    private final int count;
    private final Task task;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger remaining;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    Loop(int count, Task task) {
      this.count = count;
      this.task = task;
      this.remaining = new AtomicInteger(count);
    }

    void work() {
      for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
        try {
          task.run(i);
        } catch (Throwable t) {
          failure.compareAndSet(null, t);
        } finally {
          remaining.decrementAndGet();
        }
      }
    }
  }
}
