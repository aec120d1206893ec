package io.github.llava4j.engine;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.github.llava4j.EngineClosedException;
import io.github.llava4j.EngineTimeoutException;
import io.github.llava4j.LlavaException;
import io.github.llava4j.checkpoint.Checkpoint;
import io.github.llava4j.checkpoint.ModelSource;
import io.github.llava4j.image.ImageInput;
import io.github.llava4j.image.ImageLoader;
import io.github.llava4j.image.ImageSource;
import io.github.llava4j.kernels.DeviceException;
import io.github.llava4j.model.LlavaModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/**
 * A thousand engines, each with a few requests that come, are cancelled, time out, have listeners that throw, on a device
 * that fails, sleeps, gives no numbers or runs out of memory, until somebody closes the engine. Whatever happens, every
 * request ends, in time, with its own answer or a typed exception, and nothing is left.
 */
@Timeout(300)
class EngineStormTest {

  private static final int ENGINES = 1_000;
  private static final int REQUESTS = 6;
  private static final int TOKENS = 6;
  /** Longer than anything here takes; who waits longer hangs. */
  private static final long HANG_SECONDS = 30;
  private static final Path CASE = Path.of("src/test/resources/goldens/next-vicuna");
  private static final List<String> PROMPTS = List.of(
      "USER: a ASSISTANT:", "USER: a b c ASSISTANT:", "USER: a b d ASSISTANT:", "USER: <image>\nWhat? ASSISTANT:",
      "USER: <image>\nWhere? ASSISTANT:", "USER: <image>\nWhat? ASSISTANT: x USER: <image> And? ASSISTANT:");

  private final List<ImageInput> pictures = List.of(
      ImageLoader.DEFAULT.open(new ImageSource.File(CASE.resolve("images/tiny_5x4.png"))),
      ImageLoader.DEFAULT.load(new ImageSource.File(CASE.resolve("images/thin_2x40.png"))));

  private GenerationRequest request(LlavaModel model, int kind, Sampling sampling, Duration timeout, String salt) {
    var prompt = model.tokenizer().parse(PROMPTS.get(kind));
    List<GenerationRequest.Input> inputs = new ArrayList<>();
    int marks = PROMPTS.get(kind).split("<image>", -1).length - 1;
    for (int i = 0; i < marks; i++) {
      inputs.add(new GenerationRequest.Input(pictures.get((kind + i) % 2), kind == 4));
    }
    return new GenerationRequest(prompt, inputs, sampling, TOKENS, List.of(), false, timeout, salt, null, -1);
  }

  private static LlavaEngine start(FakeBackend backend, int parallel, EngineLimits limits) {
    Checkpoint files = Checkpoint.open(ModelSource.of(CASE.resolve("model"), null));
    EngineOptions options = EngineOptions.builder(CASE.resolve("model"))
        .parallel(parallel).context(1024).batchRows(16).limits(limits).build();
    return new LlavaEngine(files, LlavaModel.of(files, null, Set.of()), backend, options, System.nanoTime());
  }

  /** What each kind of request is answered alone, on a device that does not fail. */
  private Map<Integer, List<Integer>> alone() {
    Map<Integer, List<Integer>> answers = new HashMap<>();
    for (int kind = 0; kind < PROMPTS.size(); kind++) {
      try (LlavaEngine engine = start(new FakeBackend(FakeBackend.Faults.NONE), 1, EngineLimits.DEFAULT)) {
        answers.put(kind, engine.generate(request(engine.model(), kind, Sampling.GREEDY, null, "")).tokenIds());
      }
    }
    assertThat(answers.values()).doesNotHaveDuplicates();
    return answers;
  }

  @Test
  void everyRequestEndsAndNothingIsLeft() throws Exception {
    Map<Integer, List<Integer>> alone = alone();
    Map<String, Integer> ends = new HashMap<>();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int seed = 0; seed < ENGINES; seed++) {
        for (String end : storm(seed, alone, callers)) {
          ends.merge(end, 1, Integer::sum);
        }
      }
    }
    // The storm is one only if all of this happened, and often.
    assertThat(ends.keySet()).contains(
        "answered", "cancelled", "EngineTimeoutException", "EngineClosedException", "DeadEndException",
        "InsufficientMemoryException", "EngineException", "EngineBusyException");
    assertThat(ends.get("answered")).as("%s", ends).isGreaterThan(ENGINES / 10);
    assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName).doesNotContain("llava-engine");
  }

  private List<String> storm(int seed, Map<Integer, List<Integer>> alone, ExecutorService callers) throws Exception {
    Random random = new Random(seed);
    FakeBackend backend = new FakeBackend(faults(new Random(seed + 1L), random.nextInt(4) * 0.06));
    EngineLimits limits = EngineLimits.builder()
        .maxWaiting(1 + random.nextInt(REQUESTS)).decodePixels(1 + random.nextInt(100)).tileCacheBytes(random.nextInt(2) * 100_000)
        .build();
    LlavaEngine engine;
    try {
      engine = start(backend, 1 + random.nextInt(3), limits);
    } catch (LlavaException e) {
      assertNothingLeft(seed, backend, null, null);
      return List.of("not opened");
    }
    MemorySegment weights = engine.model().tensor("llm.norm").data();
    List<Future<String>> ends = new ArrayList<>();
    CountDownLatch begin = new CountDownLatch(1);
    for (int i = 0; i < REQUESTS; i++) {
      long own = random.nextLong();
      ends.add(callers.submit(() -> {
        begin.await();
        return one(engine, new Random(own), alone);
      }));
    }
    begin.countDown();
    int fate = random.nextInt(4);
    if (fate == 0) {
      Thread.sleep(random.nextInt(4));
      engine.drain(Duration.ofMillis(random.nextInt(20)));
    } else if (fate == 1) {
      Thread.sleep(random.nextInt(6));
    } else {
      for (Future<String> end : ends) {
        end(seed, end);
      }
    }
    CompletableFuture<Void> second = CompletableFuture.runAsync(engine::close);
    engine.close();
    second.get(HANG_SECONDS, TimeUnit.SECONDS);
    List<String> result = new ArrayList<>();
    for (Future<String> end : ends) {
      result.add(end(seed, end));
    }
    assertNothingLeft(seed, backend, engine, weights);
    return result;
  }

  private static String end(int seed, Future<String> end) throws InterruptedException, ExecutionException {
    try {
      return end.get(HANG_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      return fail("seed " + seed + ": a request waits for ever", e);
    }
  }

  /** The life of one request; says how it ended. */
  private String one(LlavaEngine engine, Random random, Map<Integer, List<Integer>> alone) throws InterruptedException {
    int kind = random.nextInt(PROMPTS.size());
    boolean draws = random.nextInt(4) == 0;
    // Drawn from logits of which one is likelier than all others by far.
    Sampling sampling = draws ? new Sampling(0.01, 0, 1, 0, 1, 0, 0, 5) : Sampling.GREEDY;
    Duration timeout = random.nextInt(3) == 0 ? Duration.ofMillis(1 + random.nextInt(10)) : null;
    boolean throwing = random.nextInt(8) == 0;
    CompletableFuture<Object> heard = new CompletableFuture<>();
    StringBuilder text = new StringBuilder();
    try {
      Generation generation = engine.submit(
          request(engine.model(), kind, sampling, timeout, random.nextInt(3) == 0 ? "tenant" : ""),
          new GenerationListener() {
            @Override
            public void onText(String part) {
              text.append(part);
              if (throwing) {
                throw new IllegalStateException("a bug of the listener");
              }
            }

            @Override
            public void onComplete(GenerationResult result) {
              heard.complete(result);
            }

            @Override
            public void onError(Throwable error) {
              heard.complete(error);
            }
          });
      if (random.nextInt(4) == 0) {
        Thread.sleep(random.nextInt(3));
        generation.cancel();
      }
      GenerationResult result = generation.await();
      assertThat(generation.state()).isEqualTo(Generation.State.ENDED);
      if (result.finishReason() == FinishReason.CANCELLED) {
        List<Integer> all = alone.get(kind);
        assertThat(result.tokenIds()).isEqualTo(all.subList(0, result.outputTokens()));
        return "cancelled";
      }
      assertThat(result.tokenIds()).as("kind %d", kind).isEqualTo(alone.get(kind));
      if (!generation.isCancelled()) {
        Object last = get(heard);
        if (throwing) {
          assertThat(last).isInstanceOf(LlavaException.class);
        } else {
          assertThat(last).isEqualTo(result);
          assertThat(text).hasToString(result.text());
        }
      }
      return "answered";
    } catch (LlavaException e) {
      if (e instanceof EngineTimeoutException) {
        assertThat(timeout).isNotNull();
      }
      return e.getClass().getSuperclass() == LlavaException.class || !e.getClass().getName().contains("$")
          ? e.getClass().getSimpleName()
          : "EngineException";
    }
  }

  private static Object get(CompletableFuture<Object> heard) throws InterruptedException {
    try {
      return heard.get(HANG_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      return fail("the listener heard nothing", e);
    }
  }

  private static void assertNothingLeft(int seed, FakeBackend backend, LlavaEngine engine, MemorySegment weights) {
    assertThat(backend.openPrograms()).as("programs, seed %d", seed).isZero();
    assertThat(backend.isClosed()).as("backend, seed %d", seed).isTrue();
    if (engine != null) {
      assertThat(weights.scope().isAlive()).as("weights, seed %d", seed).isFalse();
      EngineStatus status = engine.status();
      assertThat(status.open()).isFalse();
      assertThat(status.running() + status.waiting()).as("places, seed %d", seed).isZero();
      assertThat(status.waitingBytes()).as("bytes, seed %d", seed).isZero();
      assertThat(status.reason()).isNotBlank();
    }
  }

  private static FakeBackend.Faults faults(Random random, double often) {
    return (call, device) -> {
      if (random.nextInt(3) == 0) {
        device.work(random.nextInt(2));
      }
      boolean compiling = call == FakeBackend.Call.COMPILE_VISION || call == FakeBackend.Call.COMPILE_DECODER;
      if (random.nextDouble() >= (compiling ? often / 4 : often)) {
        return;
      }
      switch (random.nextInt(6)) {
        case 0 -> throw new DeviceException("the device is lost");
        case 1 -> throw new IllegalStateException("a bug of the driver");
        case 2 -> throw new OutOfMemoryError("of a test");
        case 3 -> device.spoil(random.nextInt(3));
        case 4 -> FakeBackend.sleep(random.nextInt(4));
        default -> device.work(random.nextInt(10));
      }
    };
  }
}
