package io.github.llava4j.kernels.cpu;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

import io.github.llava4j.kernels.AbortFlag;
import io.github.llava4j.kernels.RunAbortedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Timeout(60)
class WorkersTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void everyItemOfManyShortLoopsIsDoneOnceAndSeenByTheCaller(int threads) {
    try (Workers workers = new Workers(threads)) {
      int[] plain = new int[17];
      int[] expected = new int[17];
      for (int loop = 0; loop < 20_000; loop++) {
        int count = loop % (plain.length + 1);
        workers.forEach(count, i -> plain[i]++);
        for (int i = 0; i < count; i++) {
          expected[i]++;
        }
        if (!Arrays.equals(plain, expected)) {
          assertThat(plain).as("after loop %d of %d", loop, count).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void parkedHelpersWakeUp() throws InterruptedException {
    try (Workers workers = new Workers(3)) {
      AtomicInteger done = new AtomicInteger();
      for (int loop = 0; loop < 20; loop++) {
        Thread.sleep(5);
        workers.forEach(100, i -> done.incrementAndGet());
      }
      assertThat(done).hasValue(2000);
    }
  }

  @Test
  void noTwoItemsHaveOneWorkerAtATime() {
    try (Workers workers = new Workers(4)) {
      AtomicIntegerArray busy = new AtomicIntegerArray(workers.size());
      AtomicInteger clashes = new AtomicInteger();
      for (int loop = 0; loop < 1000; loop++) {
        workers.forEach(16, (worker, index) -> {
          if (busy.incrementAndGet(worker) != 1) {
            clashes.incrementAndGet();
          }
          busy.decrementAndGet(worker);
        });
      }
      assertThat(clashes).hasValue(0);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void theFirstFailureReachesTheCallerAndTheTeamLivesOn(int threads) {
    try (Workers workers = new Workers(threads)) {
      for (int loop = 0; loop < 100; loop++) {
        assertThatThrownBy(() -> workers.forEach(50, i -> {
          if (i == 7) {
            throw new IllegalArgumentException("seven");
          }
        })).isInstanceOf(IllegalArgumentException.class).hasMessage("seven");
        assertThatThrownBy(() -> workers.forEach(2, i -> {
          throw new AssertionError("broken");
        })).isInstanceOf(AssertionError.class);
        AtomicInteger done = new AtomicInteger();
        workers.forEach(50, i -> done.incrementAndGet());
        assertThat(done).hasValue(50);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aTaskMustNotStartALoop(int threads) {
    try (Workers workers = new Workers(threads)) {
      assertThatThrownBy(() -> workers.forEach(8, i -> workers.forEach(2, j -> {})))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("must not start another loop");
    }
  }

  @Test
  void aClosedTeamRefusesWork() {
    Workers workers = new Workers(3);
    workers.close();
    assertThatThrownBy(() -> workers.forEach(1, i -> {})).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void callersOnSeveralThreadsTakeTurns() throws InterruptedException {
    try (Workers workers = new Workers(2)) {
      AtomicInteger done = new AtomicInteger();
      Thread[] callers = new Thread[4];
      for (int t = 0; t < callers.length; t++) {
        callers[t] = Thread.ofPlatform().start(() -> {
          for (int loop = 0; loop < 500; loop++) {
            workers.forEach(10, i -> done.incrementAndGet());
          }
        });
      }
      for (Thread caller : callers) {
        caller.join();
      }
      assertThat(done).hasValue(4 * 500 * 10);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void aRaisedFlagEndsALoopAndLeavesAllIdle(int threads) throws InterruptedException {
    try (Workers workers = new Workers(threads)) {
      SplittableRandom random = new SplittableRandom(threads);
      for (int loop = 0; loop < 200; loop++) {
        AbortFlag flag = new AbortFlag("loop");
        AtomicInteger busy = new AtomicInteger();
        long wait = random.nextLong(300_000);
        Thread killer = Thread.ofPlatform().start(() -> {
          LockSupport.parkNanos(wait);
          flag.raise();
        });
        assertThatThrownBy(() -> workers.run(flag, () -> {
          while (true) {
            workers.forEach(64, i -> {
              busy.incrementAndGet();
              LockSupport.parkNanos(1000);
              busy.decrementAndGet();
            });
          }
        })).isInstanceOf(RunAbortedException.class).hasMessage("loop was aborted");
        assertThat(busy).hasValue(0);
        killer.join();
        AtomicInteger done = new AtomicInteger();
        workers.run(new AbortFlag("other"), () -> workers.forEach(50, i -> done.incrementAndGet()));
        assertThat(done).hasValue(50);
      }
    }
  }

  @Test
  void oneLongItemEndsWhereItLooks() throws InterruptedException {
    try (Workers workers = new Workers(2)) {
      AbortFlag flag = new AbortFlag("item");
      CountDownLatch started = new CountDownLatch(2);
      Thread killer = Thread.ofPlatform().start(() -> {
        try {
          started.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
        flag.raise();
      });
      assertThatThrownBy(() -> workers.run(flag, () -> workers.forEach(2, i -> {
        started.countDown();
        while (true) {
          workers.check();
        }
      }))).isInstanceOf(RunAbortedException.class);
      killer.join();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void closingDuringALoopReturnsAtOnceAndTheLoopIsFinished(int threads) throws InterruptedException {
    for (int loop = 0; loop < 100; loop++) {
      Workers workers = new Workers(threads);
      CountDownLatch started = new CountDownLatch(1);
      AtomicInteger done = new AtomicInteger();
      Thread caller = Thread.ofPlatform().start(() -> workers.forEach(200, i -> {
        started.countDown();
        done.incrementAndGet();
      }));
      started.await();
      workers.close();
      workers.close();
      caller.join();
      assertThat(done).hasValue(200);
    }
  }

  @Test
  void anInterruptedCallerWaitsForItsTurnAndStaysInterrupted() throws InterruptedException {
    try (Workers workers = new Workers(2)) {
      CountDownLatch held = new CountDownLatch(1);
      CountDownLatch release = new CountDownLatch(1);
      Thread holder = Thread.ofPlatform().start(() -> workers.run(new AbortFlag("holder"), () -> {
        held.countDown();
        try {
          release.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }));
      held.await();
      AtomicBoolean interrupted = new AtomicBoolean();
      Thread waiter = Thread.ofPlatform().start(() -> {
        Thread.currentThread().interrupt();
        workers.run(new AbortFlag("waiter"), () -> interrupted.set(Thread.currentThread().isInterrupted()));
      });
      Thread.sleep(30);
      release.countDown();
      holder.join();
      waiter.join();
      assertThat(interrupted).isTrue();
    }
  }
}
