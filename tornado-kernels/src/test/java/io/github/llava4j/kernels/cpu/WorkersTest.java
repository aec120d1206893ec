package io.github.llava4j.kernels.cpu;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

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
}
