package io.github.llava4j.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import io.github.llava4j.EngineBusyException;
import io.github.llava4j.EngineClosedException;
import io.github.llava4j.PromptTooLargeException;
import org.jspecify.annotations.Nullable;

/**
 * The door and the line of the engine: first a ticket, then the work. It bounds how many requests are inside and how many
 * bytes of tiles they hold; callers who prepare their requests and those in the line count alike. Thread-safe.
 */
final class Admission {

  private final EngineLimits limits;
  private final int mostInside;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Ticket> line = new ArrayDeque<>();
  private int inside;
  private int taken;
  private long tileBytes;
  private @Nullable EngineClosedException closed;
  private boolean stopped;

  /** @param parallel requests that are computed at the same time */
  Admission(EngineLimits limits, int parallel) {
    this.limits = limits;
    this.mostInside = (int) Math.min(Integer.MAX_VALUE, (long) limits.maxWaiting() + parallel);
  }

  /**
   * Lets a request in.
   *
   * @param bytes of its tiles
   * @throws EngineClosedException if the door is closed
   * @throws PromptTooLargeException if its tiles alone exceed the limit
   * @throws EngineBusyException if there is no room for it now
   */
  Ticket enter(long bytes) {
    if (bytes > limits.maxWaitingBytes()) {
      throw new PromptTooLargeException("the pictures of the request make " + bytes
          + " bytes of tiles, but the limit maxWaitingBytes is " + limits.maxWaitingBytes() + "; send fewer pictures");
    }
    lock.lock();
    try {
      if (closed != null) {
        throw again(closed);
      }
      if (inside >= mostInside) {
        throw new EngineBusyException("the engine is busy: " + (inside - taken)
            + " requests wait already, and the limit maxWaiting is " + limits.maxWaiting() + "; try again later");
      }
      if (tileBytes + bytes > limits.maxWaitingBytes()) {
        throw new EngineBusyException("the engine is busy: the pictures of waiting requests hold " + tileBytes
            + " bytes, and the limit maxWaitingBytes is " + limits.maxWaitingBytes() + "; try again later");
      }
      inside++;
      tileBytes += bytes;
      return new Ticket(bytes);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Puts a prepared request at the end of the line, unless it has ended meanwhile.
   *
   * @throws EngineClosedException if the door was closed meanwhile
   */
  void queue(Ticket ticket, Work work) {
    lock.lock();
    try {
      if (closed != null) {
        throw again(closed);
      }
      if (ticket.place == Ticket.Place.PREPARING) {
        ticket.work(work);
        ticket.place = Ticket.Place.IN_LINE;
        line.add(ticket);
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The first of the line, or null if nobody waits. */
  @Nullable Ticket poll() {
    lock.lock();
    try {
      return take();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the first of the line; null once {@link #stop} was called. */
  @Nullable Ticket await() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (line.isEmpty() && !stopped) {
        changed.await();
      }
      return stopped ? null : take();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Ticket take() {
    Ticket first = line.poll();
    if (first != null) {
      first.place = Ticket.Place.TAKEN;
      taken++;
    }
    return first;
  }

  /** Frees the place of a request that has ended; does nothing if that was done already. */
  void giveBack(Ticket ticket) {
    lock.lock();
    try {
      switch (ticket.place) {
        case GIVEN_BACK -> {
          return;
        }
        case IN_LINE -> line.remove(ticket);
        case TAKEN -> taken--;
        case PREPARING -> { }
      }
      ticket.place = Ticket.Place.GIVEN_BACK;
      inside--;
      tileBytes -= ticket.tileBytes;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Closes the door for good, unless it is closed, and ends all that stand in the line. */
  void close(EngineClosedException reason) {
    List<Ticket> waiting;
    lock.lock();
    try {
      closed = closed == null ? reason : closed;
      waiting = new ArrayList<>(line);
    } finally {
      lock.unlock();
    }
    // Outside of the lock: ending a request calls giveBack, and who waits for it goes on.
    waiting.forEach(ticket -> ticket.work().generation().fail(again(reason)));
  }

  /** The same for another caller, with a stack trace of its own. */
  static EngineClosedException again(EngineClosedException reason) {
    return new EngineClosedException(reason.getMessage(), reason.getCause());
  }

  /** Ends {@link #await}. */
  void stop() {
    lock.lock();
    try {
      stopped = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until nobody is inside; false if that took longer. */
  boolean awaitEmpty(Duration most) throws InterruptedException {
    long left = most.toNanos();
    lock.lockInterruptibly();
    try {
      while (inside > 0 && left > 0) {
        left = changed.awaitNanos(left);
      }
      return inside == 0;
    } finally {
      lock.unlock();
    }
  }

  /** Why the door is closed, or null while it is open. */
  @Nullable EngineClosedException closed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** How many requests there are, and what they hold. */
  record Load(int running, int waiting, long tileBytes) {}

  Load load() {
    lock.lock();
    try {
      return new Load(taken, inside - taken, tileBytes);
    } finally {
      lock.unlock();
    }
  }
}
