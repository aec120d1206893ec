package io.github.llava4j.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.llava4j.EngineException;
import io.github.llava4j.EngineTimeoutException;
import io.github.llava4j.engine.Generation.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Every transition of a request's state, and every end. */
@Timeout(30)
class GenerationTest {

  private final AtomicInteger left = new AtomicInteger();
  private final List<String> heard = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch last = new CountDownLatch(1);
  private final GenerationListener listener = new GenerationListener() {
    @Override
    public void onText(String text) {
      heard.add(text);
    }

    @Override
    public void onComplete(GenerationResult result) {
      heard.add("complete");
      last.countDown();
    }

    @Override
    public void onError(Throwable error) {
      heard.add("error");
      last.countDown();
    }
  };

  private Generation generation(Duration timeout) {
    return new Generation(listener, timeout, left::incrementAndGet);
  }

  private static GenerationResult result(FinishReason reason) {
    return new GenerationResult("", List.of(), 1, 0, 0, reason, new Timings(0, 0, 0, 0), List.of(), null);
  }

  /** Brings a request to a state by all states before it. */
  private static Generation to(Generation generation, State state) {
    assertThat(generation.state()).isEqualTo(State.WAITING);
    for (State next : State.values()) {
      boolean done = next.compareTo(state) > 0 || switch (next) {
        case WAITING -> true;
        case ADMITTED -> generation.admit();
        case SEEING -> generation.see() && generation.see();
        case PREFILLING -> generation.prefill() && generation.prefill();
        case DECODING -> generation.decode() && generation.decode();
        case ENDED -> generation.answer(result(FinishReason.STOP));
      };
      assertThat(done).isTrue();
    }
    assertThat(generation.state()).isEqualTo(state);
    return generation;
  }

  @ParameterizedTest
  @EnumSource(State.class)
  void goesOnAndNeverBack(State state) {
    Generation generation = to(generation(null), state);
    if (state == State.ENDED) {
      assertThat(generation.admit() || generation.see() || generation.prefill() || generation.decode()).isFalse();
    } else if (state == State.DECODING) {
      assertThatThrownBy(generation::prefill)
          .isInstanceOf(IllegalStateException.class).hasMessageContaining("DECODING").hasMessageContaining("PREFILLING");
      assertThatThrownBy(generation::admit).isInstanceOf(IllegalStateException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(State.class)
  void isAnsweredOnce(State state) throws Exception {
    Generation generation = to(generation(null), state);
    assertThat(generation.answer(result(FinishReason.LENGTH))).isEqualTo(state != State.ENDED);
    assertThat(generation.fail(new EngineException("late"))).isFalse();
    assertThat(generation.await().finishReason())
        .isEqualTo(state == State.ENDED ? FinishReason.STOP : FinishReason.LENGTH);
    last.await();
    assertThat(heard).containsExactly("complete");
    assertThat(left).hasValue(state == State.WAITING ? 1 : 0);
  }

  @ParameterizedTest
  @EnumSource(State.class)
  void failsOnce(State state) throws Exception {
    Generation generation = to(generation(null), state);
    EngineException error = new EngineException("broken");
    assertThat(generation.fail(error)).isEqualTo(state != State.ENDED);
    assertThat(generation.answer(result(FinishReason.STOP))).isFalse();
    last.await();
    if (state == State.ENDED) {
      assertThat(heard).containsExactly("complete");
    } else {
      assertThatThrownBy(generation::await).isSameAs(error);
      assertThat(heard).containsExactly("error");
    }
    assertThat(left).hasValue(state == State.WAITING ? 1 : 0);
  }

  @ParameterizedTest
  @EnumSource(State.class)
  void timesOutInEveryState(State state) throws Exception {
    Generation generation = to(generation(Duration.ofMillis(50)), state);
    if (state == State.ENDED) {
      assertThat(generation.await().finishReason()).isEqualTo(FinishReason.STOP);
      return;
    }
    assertThatThrownBy(generation::await).isInstanceOf(EngineTimeoutException.class).hasMessageContaining("50 ms");
    assertThat(generation.state()).isEqualTo(State.ENDED);
    last.await();
    assertThat(heard).containsExactly("error");
    assertThat(left).hasValue(state == State.WAITING ? 1 : 0);
  }

  @ParameterizedTest
  @EnumSource(State.class)
  void aCancelledOneLeavesAtOnceIfItWaitsAndElseWhenTheEngineSeesIt(State state) throws Exception {
    Generation generation = to(generation(null), state);
    generation.cancel();
    generation.cancel();
    assertThat(generation.isCancelled()).isTrue();
    boolean ended = state == State.WAITING || state == State.ENDED;
    assertThat(generation.state() == State.ENDED).isEqualTo(ended);
    generation.text("not heard");
    assertThat(generation.answer(result(FinishReason.CANCELLED))).isEqualTo(!ended);
    assertThat(generation.await().finishReason())
        .isEqualTo(state == State.ENDED ? FinishReason.STOP : FinishReason.CANCELLED);
    Thread.sleep(20);
    assertThat(heard).doesNotContain("not heard", "error");
    assertThat(left).hasValue(state == State.WAITING ? 1 : 0);
  }

  @Test
  void aRefusedOneIsSilent() throws Exception {
    Generation generation = generation(Duration.ofHours(1));
    generation.refuse(new EngineException("busy"));
    assertThat(generation.state()).isEqualTo(State.ENDED);
    assertThat(left).hasValue(1);
    Thread.sleep(20);
    assertThat(heard).isEmpty();
  }

  @Test
  void theLongestTimeoutIsNone() {
    Generation generation = generation(Duration.ofSeconds(Long.MAX_VALUE));
    assertThat(generation.remainingNanos()).isPositive();
    generation.cancel();
  }
}
