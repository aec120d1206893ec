package io.github.llava4j.kernels.cpu;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

import io.github.llava4j.kernels.AbortFlag;
import io.github.llava4j.kernels.RunAbortedException;

/**
 * A fixed team of platform threads for short parallel loops: the caller is one of them, the others spin for a moment
 * between loops and then park. One loop runs at a time; a task must not start another.
 */
public final class Workers implements AutoCloseable {

  /** One piece of a parallel loop. */
  @FunctionalInterface
  public interface Task {
    /** Does item {@code index}. */
    void run(int index);
  }

  /** One piece of a parallel loop that uses memory of its worker's own. */
  @FunctionalInterface
  public interface WorkerTask {
    /**
     * Does item {@code index}.
     *
     * @param worker who does it: 0 (the caller) to {@link Workers#size()} - 1; no two at the same time have one number
     */
    void run(int worker, int index);
  }

  /**
   * Looks at the next loop before a helper parks: some 100 to 300 µs, longer than what lies between two loops of one
   * forward pass, shorter than what others on the machine would notice.
   */
  private static final int SPINS_BEFORE_PARK = 5_000;

  /** Looks at the last items of a loop before the caller offers its core to whoever else wants it. */
  private static final int SPINS_BEFORE_YIELD = 2_000;

  /** How long a caller waits for its turn before it looks at its flag again. */
  private static final int TURN_MILLIS = 10;

  private static final AbortFlag NEVER = new AbortFlag("nothing");

  private final Helper[] helpers;
  private final ReentrantLock turn = new ReentrantLock();
  /** Whether the holder of {@link #turn} is within a loop. */
  private boolean looping;
  private volatile AbortFlag abort = NEVER;
  private volatile Loop current;
  private volatile boolean closed;

  /** @param threads team size including the caller */
  public Workers(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, not " + threads);
    }
    helpers = new Helper[threads - 1];
    for (int i = 0; i < helpers.length; i++) {
      helpers[i] = new Helper(i + 1);
    }
    for (Helper helper : helpers) {
      helper.start();
    }
  }

  /** Team size, the caller included. */
  public int size() {
    return helpers.length + 1;
  }

  /**
   * Does {@code body}, whose loops end early when {@code flag} is raised. Bodies of several callers take turns.
   *
   * @throws RunAbortedException if the flag is raised: no helper works on a task of {@code body} any more
   */
  public void run(AbortFlag flag, Runnable body) {
    takeTurn(flag);
    try {
      abort = flag;
      body.run();
    } finally {
      abort = NEVER;
      turn.unlock();
    }
  }

  private void takeTurn(AbortFlag flag) {
    boolean interrupted = false;
    try {
      for (boolean mine = false; !mine; ) {
        flag.check();
        try {
          mine = turn.tryLock(TURN_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * For long items of work, and between loops: fails if what runs is to end.
   *
   * @throws RunAbortedException if the flag of the current {@link #run} is raised
   */
  public void check() {
    abort.check();
  }

  /**
   * Runs {@code task} for 0 to {@code count - 1}, in any order, and returns when all are done.
   *
   * @throws RuntimeException the first failure of a task; items that had not begun by then are left out
   * @throws RunAbortedException likewise if the flag of the current {@link #run} was raised before all were done
   * @throws IllegalStateException from within a task, or after {@link #close}
   */
  public void forEach(int count, Task task) {
    forEach(count, (worker, index) -> task.run(index));
  }

  /** Likewise for tasks that want to know which worker runs them. */
  public void forEach(int count, WorkerTask task) {
    if (looping && turn.isHeldByCurrentThread()
        || Thread.currentThread() instanceof Helper helper && helper.team() == this) {
      throw new IllegalStateException("a task of a parallel loop must not start another loop");
    }
    turn.lock();
    try {
      looping = true;
      if (closed) {
        throw new IllegalStateException("the worker threads are closed");
      }
      abort.check();
      Loop loop = new Loop(count, task, abort);
      if (count > 1 && helpers.length > 0) {
        current = loop;
        for (Helper helper : helpers) {
          helper.wake();
        }
      }
      loop.work(0);
      for (int spins = 0; loop.remaining.get() > 0; spins++) {
        if (spins < SPINS_BEFORE_YIELD) {
          Thread.onSpinWait();
        } else {
          Thread.yield();
        }
      }
      current = null;
      loop.rethrow();
    } finally {
      looping = false;
      turn.unlock();
    }
  }

  /** Ends the helpers once they have finished what they do; a loop under way is finished by its caller. Does not wait. */
  @Override
  public void close() {
    closed = true;
    for (Helper helper : helpers) {
      LockSupport.unpark(helper);
    }
  }

  private final class Helper extends Thread {

    private final int number;

    /**
     * Set before the last look at {@link #current}, which is written before this is read: as both are volatile, either
     * the helper sees the loop or the caller sees that it must wake the helper.
     */
    private volatile boolean parked;

    Helper(int number) {
      super("llava-worker-" + number);
      this.number = number;
      setDaemon(true);
    }

    Workers team() {
      return Workers.this;
    }

    void wake() {
      if (parked) {
        LockSupport.unpark(this);
      }
    }

    @Override
    public void run() {
      Loop done = null;
      int idle = 0;
      while (!closed) {
        Loop loop = current;
        if (loop != null && loop != done) {
          loop.work(number);
          done = loop;
          idle = 0;
        } else if (++idle < SPINS_BEFORE_PARK) {
          Thread.onSpinWait();
        } else {
          park(done);
        }
      }
    }

    private void park(Loop done) {
      parked = true;
      Loop loop = current;
      if (!closed && (loop == null || loop == done)) {
        LockSupport.park(Workers.this);
        Thread.interrupted(); // or it would never park again
      }
      parked = false;
    }
  }

  private static final class Loop {
    private final int count;
    private final WorkerTask task;
    private final AbortFlag abort;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger remaining;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    Loop(int count, WorkerTask task, AbortFlag abort) {
      this.count = count;
      this.task = task;
      this.abort = abort;
      this.remaining = new AtomicInteger(count);
    }

    void work(int worker) {
      int taken = 0;
      for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
        taken++;
        if (failure.getPlain() != null) {
          continue;
        }
        try {
          abort.check();
          task.run(worker, i);
        } catch (Throwable t) {
          failure.compareAndSet(null, t);
        }
      }
      if (taken > 0) {
        // Once per worker and not per item: what the tasks wrote is visible to whoever then reads zero.
        remaining.addAndGet(-taken);
      }
    }

    void rethrow() {
      Throwable t = failure.get();
      if (t instanceof RuntimeException e) {
        throw e;
      } else if (t instanceof Error e) {
        throw e;
      }
    }
  }
}
