package io.github.llava4j.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.llava4j.EngineClosedException;
import io.github.llava4j.EngineException;
import io.github.llava4j.EngineTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Timeout(30)
class PixelGateTest {

  private final PixelGate gate = new PixelGate(100);

  private static Generation generation(Duration timeout) {
    return new Generation(new GenerationListener() { }, timeout, () -> { });
  }

  @Test
  void neverMoreThanTheBoundUnlessOneAlone() throws Exception {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Generation generation = generation(null);
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        int pixels = 1 + ThreadLocalRandom.current().nextInt(150);
        all.add(pool.submit(() -> gate.pass(pixels, generation, () -> {
          int sum = now.addAndGet(pixels);
          most.accumulateAndGet(pixels > 100 && sum == pixels ? 0 : sum, Math::max);
          Thread.yield();
          return now.addAndGet(-pixels);
        })));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    assertThat(most).hasValueLessThanOrEqualTo(100);
  }

  @Test
  void whoWaitsTooLongOrIsInterruptedOrFindsItClosedHearsWhy() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> first = pool.submit(() -> gate.pass(100, generation(null), () -> {
        inside.countDown();
        try {
          leave.await();
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
        return 1;
      }));
      inside.await();
      assertThatThrownBy(() -> gate.pass(1, generation(Duration.ofMillis(20)), () -> 1))
          .isInstanceOf(EngineTimeoutException.class).hasMessageContaining("decodePixels");
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> gate.pass(1, generation(null), () -> 1))
          .isInstanceOf(EngineException.class).hasCauseInstanceOf(InterruptedException.class);
      assertThat(Thread.interrupted()).isTrue();
      List<Future<?>> waiting = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        waiting.add(pool.submit(() -> gate.pass(100, generation(null), () -> 1)));
      }
      gate.close();
      for (Future<?> one : waiting) {
        assertThatThrownBy(one::get).isInstanceOf(ExecutionException.class)
            .hasCauseInstanceOf(EngineClosedException.class);
      }
      leave.countDown();
      first.get();
    }
  }

  @Test
  void aFailureFreesItsPlace() {
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> gate.pass(80, generation(null), () -> {
        throw new IllegalStateException("no picture");
      })).hasMessage("no picture");
    }
    assertThat(gate.<Integer>pass(100, generation(Duration.ofSeconds(20)), () -> 5)).isEqualTo(5);
  }
}
