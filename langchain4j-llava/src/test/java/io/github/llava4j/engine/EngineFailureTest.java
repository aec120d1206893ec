package io.github.llava4j.engine;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

import io.github.llava4j.DeadEndException;
import io.github.llava4j.EngineBusyException;
import io.github.llava4j.EngineClosedException;
import io.github.llava4j.EngineException;
import io.github.llava4j.EngineTimeoutException;
import io.github.llava4j.ImageException;
import io.github.llava4j.InsufficientMemoryException;
import io.github.llava4j.LlavaException;
import io.github.llava4j.PromptTooLargeException;
import io.github.llava4j.checkpoint.Checkpoint;
import io.github.llava4j.checkpoint.ModelSource;
import io.github.llava4j.engine.FakeBackend.Call;
import io.github.llava4j.engine.FakeBackend.Faults;
import io.github.llava4j.image.EncodedPicture;
import io.github.llava4j.image.ImageLoader;
import io.github.llava4j.image.ImageSource;
import io.github.llava4j.kernels.DeviceException;
import io.github.llava4j.kernels.DeviceMemoryException;
import io.github.llava4j.model.LlavaModel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What becomes of requests and of the engine when something goes wrong, one fault at a time. */
@Timeout(60)
class EngineFailureTest {

  private static final Path CASE = Path.of("src/test/resources/goldens/next-vicuna");
  private static final GenerationListener SILENT = new GenerationListener() { };

  private FakeBackend backend;
  private LlavaEngine engine;
  private MemorySegment weights;

  @AfterEach
  void nothingIsLeft() {
    if (engine != null) {
      engine.close();
    }
    assertThat(backend.isClosed()).isTrue();
    assertThat(backend.openPrograms()).isZero();
    assertThat(weights.scope().isAlive()).isFalse();
  }

  private void start(Faults faults, int parallel, EngineLimits limits) {
    backend = new FakeBackend(faults);
    Checkpoint files = Checkpoint.open(ModelSource.of(CASE.resolve("model"), null));
    weights = files.tensor("llm.norm").data();
    engine = new LlavaEngine(files, LlavaModel.of(files, null, Set.of()), backend,
        EngineOptions.builder(CASE.resolve("model")).parallel(parallel).context(512).limits(limits).build(),
        System.nanoTime());
  }

  private void start(Faults faults, int parallel) {
    start(faults, parallel, EngineLimits.DEFAULT);
  }

  private GenerationRequest request(String text, int maxTokens, Duration timeout) {
    return new GenerationRequest(
        engine.model().tokenizer().parse("USER: " + text + " ASSISTANT:"), List.of(), Sampling.GREEDY, maxTokens,
        List.of(), false, timeout, "", null, -1);
  }

  private GenerationRequest request(String text, int maxTokens) {
    return request(text, maxTokens, null);
  }

  private GenerationRequest look(EncodedPicture picture, String salt) {
    return new GenerationRequest(
        engine.model().tokenizer().parse("USER: <image>\nWhat? ASSISTANT:"),
        List.of(new GenerationRequest.Input(picture, false)), Sampling.GREEDY, 3, List.of(), false, null, salt, null, -1);
  }

  private static EncodedPicture picture(String name) {
    return ImageLoader.DEFAULT.open(new ImageSource.File(CASE.resolve("images/" + name)));
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Thread.sleep(1);
    }
  }

  /** A device that stops before each decoding run until it is let go. */
  private static final class Gate implements Faults {
    final Semaphore go = new Semaphore(0);
    final CountDownLatch reached = new CountDownLatch(1);

    @Override
    public void before(Call call, FakeBackend device) {
      if (call == Call.DECODE) {
        reached.countDown();
        go.acquireUninterruptibly();
      }
    }

    void open() {
      go.release(100_000);
    }
  }

  private static Faults failing(Call at, int times, RuntimeException failure) {
    AtomicInteger left = new AtomicInteger(times);
    return (call, device) -> {
      if (call == at && left.getAndDecrement() > 0) {
        throw failure;
      }
    };
  }

  @Test
  void aBeginningThatCannotBeCopiedIsComputedAgain() throws Exception {
    Semaphore steps = new Semaphore(0);
    start((call, device) -> {
      if (call == Call.COPY) {
        throw new DeviceException("copying failed");
      }
      if (call == Call.DECODE) {
        steps.acquireUninterruptibly();
      }
    }, 2);
    GenerationRequest second = request("the same long beginning and more", 4);
    CountDownLatch begun = new CountDownLatch(1);
    Generation first = engine.submit(request("the same long beginning", 400), new GenerationListener() {
      @Override
      public void onText(String text) {
        begun.countDown();
      }
    });
    steps.release(5);
    begun.await();
    Generation copied = engine.submit(second, SILENT);
    steps.release(100_000);
    List<Integer> tokens = copied.await().tokenIds();
    assertThat(copied.await().cachedTokens()).isZero();
    first.cancel();
    first.await();
    assertThat(engine.isOpen()).isTrue();
    assertThat(engine.generate(second).tokenIds()).isEqualTo(tokens);
  }

  @ParameterizedTest
  @EnumSource(names = {"SEE", "DECODE"})
  void aDeviceFailureEndsWhatTookPartAndTheNextRequestIsAnswered(Call at) {
    start(failing(at, 1, new DeviceException("lost a warp")), 1);
    GenerationRequest request = look(picture("tiny_5x4.png"), "");
    assertThatThrownBy(() -> engine.generate(request))
        .isInstanceOf(EngineException.class).hasMessageContaining("the device failed").hasMessageContaining("lost a warp")
        .hasCauseInstanceOf(DeviceException.class);
    assertThat(engine.status().deviceFailures()).isEqualTo(1);
    assertThat(engine.status().reason()).contains("device failed");
    assertThat(engine.status().open()).isTrue();
    assertThat(engine.generate(request).outputTokens()).isEqualTo(3);
    assertThat(engine.status().deviceFailures()).isZero();
    assertThat(engine.status().reason()).isNull();
  }

  @Test
  void aDeviceThatFailsInARowClosesTheEngineWithItsCauseAndFreesAllWithoutClose() throws Exception {
    start(failing(Call.DECODE, 100, new DeviceException("fell off the bus")), 1);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> engine.generate(request("a", 3))).isInstanceOf(EngineException.class);
    }
    await(backend::isClosed);
    assertThatThrownBy(() -> engine.generate(request("a", 3)))
        .isInstanceOf(EngineClosedException.class).hasMessageContaining("fell off the bus")
        .hasRootCauseInstanceOf(DeviceException.class);
    assertThat(engine.isOpen()).isFalse();
    assertThat(engine.status().reason()).contains("fell off the bus");
    engine.close();
    engine.close();
  }

  @Test
  void requestsThatWaitWhenTheDeviceIsGivenUpHearWhy() {
    Gate gate = new Gate();
    start((call, device) -> {
      gate.before(call, device);
      if (call == Call.DECODE) {
        throw new DeviceException("gone");
      }
    }, 1);
    List<Generation> all = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      all.add(engine.submit(request("a", 3), SILENT));
    }
    gate.open();
    for (Generation generation : all) {
      assertThatThrownBy(generation::await).isInstanceOf(EngineException.class).hasMessageContaining("gone");
    }
    assertThatThrownBy(all.getLast()::await).isInstanceOf(EngineClosedException.class);
  }

  @Test
  void tooLittleHeapIsNotTheDevicesFault() {
    AtomicInteger left = new AtomicInteger(5);
    start((call, device) -> {
      if (call == Call.DECODE && left.getAndDecrement() > 0) {
        throw new OutOfMemoryError("Java heap space");
      }
    }, 1);
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() -> engine.generate(request("a", 3)))
          .isInstanceOf(InsufficientMemoryException.class).hasMessageContaining("-Xmx");
    }
    assertThat(engine.generate(request("a", 3)).outputTokens()).isEqualTo(3);
  }

  @Test
  void noNumbersEndOneRequestAndItsNeighboursAreAnsweredAsIfAlone() throws Exception {
    Gate gate = new Gate();
    AtomicInteger runs = new AtomicInteger();
    start((call, device) -> {
      gate.before(call, device);
      if (call == Call.DECODE && runs.incrementAndGet() == 6) {
        device.spoil(1);
      }
    }, 3);
    List<Generation> all = new ArrayList<>();
    for (String text : List.of("first", "second", "third")) {
      all.add(engine.submit(request(text, 10), SILENT));
    }
    gate.open();
    int deadEnds = 0;
    List<List<Integer>> answers = new ArrayList<>();
    for (Generation generation : all) {
      try {
        answers.add(generation.await().tokenIds());
      } catch (DeadEndException e) {
        assertThat(e).hasMessageContaining("no token can follow");
        answers.add(null);
        deadEnds++;
      }
    }
    assertThat(deadEnds).isEqualTo(1);
    for (int i = 0; i < 3; i++) {
      if (answers.get(i) != null) {
        assertThat(engine.generate(request(List.of("first", "second", "third").get(i), 10)).tokenIds())
            .isEqualTo(answers.get(i));
      }
    }
  }

  @Test
  void aListenerThatThrowsEndsItsRequestAndHearsOfIt() throws Exception {
    Gate gate = new Gate();
    start(gate, 1);
    List<Throwable> errors = new ArrayList<>();
    CountDownLatch heard = new CountDownLatch(1);
    IllegalStateException bug = new IllegalStateException("a bug of the listener");
    Generation generation = engine.submit(request("a", 400), new GenerationListener() {
      @Override
      public void onText(String text) {
        throw bug;
      }

      @Override
      public void onError(Throwable error) {
        errors.add(error);
        heard.countDown();
      }
    });
    // So few steps that the answer cannot be complete before the listener has thrown.
    gate.go.release(3);
    heard.await();
    gate.open();
    assertThat(errors).hasSize(1);
    assertThat(errors.getFirst()).isInstanceOf(EngineException.class).hasCause(bug);
    assertThatThrownBy(generation::await).isSameAs(errors.getFirst());
    assertThat(engine.generate(request("b", 2)).outputTokens()).isEqualTo(2);
  }

  @Test
  void whoIsCancelledWhileWaitingFreesThePlaceAtOnce() throws Exception {
    Gate gate = new Gate();
    start(gate, 1, EngineLimits.builder().maxWaiting(2).build());
    Generation running = engine.submit(request("a", 2), SILENT);
    gate.reached.await();
    Generation one = engine.submit(request("b", 2), SILENT);
    Generation two = engine.submit(request("c", 2), SILENT);
    assertThatThrownBy(() -> engine.submit(request("d", 2), SILENT))
        .isInstanceOf(EngineBusyException.class).hasMessageContaining("maxWaiting").hasMessageContaining("2");
    one.cancel();
    two.cancel();
    assertThat(one.await().finishReason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(engine.queued()).isZero();
    Generation three = engine.submit(request("d", 2), SILENT);
    gate.open();
    assertThat(running.await().outputTokens()).isEqualTo(2);
    assertThat(three.await().outputTokens()).isEqualTo(2);
  }

  @Test
  void aTimeoutEndsWhoWaitsAndWhoRunsWhileTheDeviceIsStuck() throws Exception {
    Gate gate = new Gate();
    start(gate, 1, EngineLimits.builder().timeout(Duration.ofMillis(200)).build());
    Generation running = engine.submit(request("a", 2), SILENT);
    gate.reached.await();
    Generation waiting = engine.submit(request("b", 2, Duration.ofMillis(30)), SILENT);
    assertThatThrownBy(waiting::await)
        .isInstanceOf(EngineTimeoutException.class).hasMessageContaining("30 ms");
    assertThat(engine.queued()).isZero();
    assertThatThrownBy(running::await)
        .isInstanceOf(EngineTimeoutException.class).hasMessageContaining("200 ms");
    gate.open();
    assertThat(engine.generate(request("c", 2, Duration.ofMinutes(1))).outputTokens()).isEqualTo(2);
  }

  @Test
  void closingEndsAStepOfACpuAndToldIsWhoRunsAndWhoWaits() throws Exception {
    CountDownLatch working = new CountDownLatch(1);
    start((call, device) -> {
      if (call == Call.DECODE) {
        working.countDown();
        device.work(3_600_000);
      }
    }, 1);
    Generation running = engine.submit(request("a", 2), SILENT);
    working.await();
    Generation waiting = engine.submit(request("b", 2), SILENT);
    engine.close();
    for (Generation generation : List.of(running, waiting)) {
      assertThatThrownBy(generation::await)
          .isInstanceOf(EngineClosedException.class).hasMessage("the engine was closed").hasNoCause();
    }
    assertThatThrownBy(() -> engine.submit(request("c", 2), SILENT)).isInstanceOf(EngineClosedException.class);
  }

  @Test
  void aDeviceThatCannotBeStoppedIsFreedWhenItsStepEnds() throws Exception {
    Gate gate = new Gate();
    start(gate, 1);
    engine.submit(request("a", 2), SILENT);
    gate.reached.await();
    engine.close(Duration.ofMillis(20));
    assertThat(weights.scope().isAlive()).isTrue();
    assertThat(backend.isClosed()).isFalse();
    gate.open();
    await(backend::isClosed);
    engine.close();
  }

  @Test
  void anInterruptOfTheEnginesThreadClosesTheEngine() {
    start(Faults.NONE, 1);
    Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("llava-engine")).forEach(Thread::interrupt);
    assertThatThrownBy(() -> {
      while (true) {
        engine.generate(request("a", 2));
      }
    }).isInstanceOf(EngineClosedException.class).hasCauseInstanceOf(InterruptedException.class);
  }

  @ParameterizedTest
  @EnumSource(names = {"COMPILE_VISION", "COMPILE_DECODER"})
  void aFailedOpenLeavesNothing(Call at) {
    assertThatThrownBy(() -> start(failing(at, 1, new UnsupportedOperationException("no kernel for Q9_Z")), 1))
        .isInstanceOf(EngineException.class).hasMessageContaining("no kernel for Q9_Z");
    assertThat(engine).isNull();
    assertThatThrownBy(() -> start(failing(at, 1, new DeviceMemoryException("needs 9 GB, 8 GB are free")), 1))
        .isInstanceOf(InsufficientMemoryException.class).hasMessageContaining("9 GB");
  }

  @Test
  void aContextThatIsTooLongLeavesNothing() {
    long before = workers();
    for (String name : List.of("scalar", "vector")) {
      assertThatThrownBy(() -> LlavaEngine.open(EngineOptions.builder(CASE.resolve("model"))
          .backend(name).threads(4).context(1 << 20).build()))
          .isInstanceOf(EngineException.class).hasMessageContaining("context");
    }
    assertThat(workers()).isEqualTo(before);
    start(Faults.NONE, 1);
  }

  private static long workers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("llava-worker")).count();
  }

  @Test
  void drainingLetsAnswersEndAndTellsTheOthers() throws Exception {
    Gate gate = new Gate();
    start(gate, 1);
    Generation running = engine.submit(request("a", 3), SILENT);
    gate.reached.await();
    Generation waiting = engine.submit(request("b", 3), SILENT);
    assertThat(engine.drain(Duration.ofMillis(20))).isFalse();
    assertThatThrownBy(waiting::await).isInstanceOf(EngineClosedException.class).hasMessageContaining("shutting down");
    assertThatThrownBy(() -> engine.submit(request("c", 3), SILENT)).isInstanceOf(EngineClosedException.class);
    assertThat(engine.isOpen()).isFalse();
    gate.open();
    assertThat(engine.drain(Duration.ofSeconds(30))).isTrue();
    assertThat(running.await().outputTokens()).isEqualTo(3);
  }

  @Test
  void refusesByTheNameOfTheLimitBeforeAnythingIsDecoded() {
    EncodedPicture photo = picture("photo_200x150.jpg");
    start(Faults.NONE, 1, EngineLimits.builder().maxImages(2).maxRequestPixels(50_000).maxWaitingBytes(100_000).build());
    // Spoilt behind its header: whoever decodes it fails in another way.
    Arrays.fill(photo.encoded(), photo.encoded().length / 2, photo.encoded().length, (byte) 0xFF);
    String mark = "<image>";
    record Case(int pictures, String limit) {}
    for (Case expected : List.of(new Case(3, "maxImages"), new Case(2, "maxRequestPixels"))) {
      var prompt = engine.model().tokenizer().parse("USER: " + mark.repeat(expected.pictures()) + " ASSISTANT:");
      var inputs = new ArrayList<GenerationRequest.Input>();
      for (int i = 0; i < expected.pictures(); i++) {
        inputs.add(new GenerationRequest.Input(photo, false));
      }
      assertThatThrownBy(() -> engine.generate(
          new GenerationRequest(prompt, inputs, Sampling.GREEDY, 1, List.of(), false)))
          .isInstanceOf(PromptTooLargeException.class).hasMessageContaining(expected.limit());
    }
    assertThatThrownBy(() -> engine.generate(request("word ".repeat(6_000_000), 1)))
        .isInstanceOf(PromptTooLargeException.class).hasMessageContaining("512");
    assertThatThrownBy(() -> engine.generate(look(photo, "")))
        .isInstanceOf(ImageException.class);
    assertThat(engine.status().waiting() + engine.status().running()).isZero();
    assertThat(engine.status().waitingBytes()).isZero();
  }

  @Test
  void tilesOfWaitingRequestsAreBounded() throws Exception {
    Gate gate = new Gate();
    EncodedPicture tiny = picture("tiny_5x4.png");
    backend = new FakeBackend(gate);
    start(gate, 1);
    long bytes = engine.model().tileBytes(5, 4, false);
    engine.close();
    gate.open();
    Gate second = new Gate();
    start(second, 1, EngineLimits.builder().maxWaitingBytes(2 * bytes).build());
    engine.submit(look(tiny, ""), SILENT);
    second.reached.await();
    Generation two = engine.submit(look(tiny, ""), SILENT);
    assertThat(engine.status().waitingBytes()).isEqualTo(2 * bytes);
    assertThatThrownBy(() -> engine.submit(look(tiny, ""), SILENT))
        .isInstanceOf(EngineBusyException.class).hasMessageContaining("maxWaitingBytes");
    two.cancel();
    engine.submit(look(tiny, ""), SILENT);
    second.open();
  }

  @Test
  void aPictureOfAConversationIsDecodedOnce() {
    start(Faults.NONE, 1);
    EncodedPicture photo = picture("photo_200x150.jpg");
    List<Integer> first = engine.generate(look(photo, "")).tokenIds();
    Arrays.fill(photo.encoded(), 100, photo.encoded().length, (byte) 0);
    assertThat(engine.generate(look(photo, "")).tokenIds()).isEqualTo(first);
    assertThat(engine.countTokens(look(photo, ""))).isPositive();
    assertThat(engine.status().tileCacheBytes()).isPositive();
    // Another tenant's is decoded again: the time must not tell that somebody else has seen it.
    assertThatThrownBy(() -> engine.generate(look(photo, "other"))).isInstanceOf(ImageException.class);
  }

  @Test
  void tenantsShareNothing() {
    start(Faults.NONE, 2);
    EncodedPicture photo = picture("photo_200x150.jpg");
    GenerationResult first = engine.generate(look(photo, "one"));
    assertThat(first.cachedTokens()).isZero();
    for (String other : List.of("", "two")) {
      GenerationResult result = engine.generate(look(photo, other));
      assertThat(result.cachedTokens()).isZero();
      assertThat(result.timings().visionMs()).isPositive();
      assertThat(result.tokenIds()).isEqualTo(first.tokenIds());
    }
    GenerationResult again = engine.generate(look(photo, "two"));
    assertThat(again.cachedTokens()).isPositive();
    assertThat(again.timings().visionMs()).isZero();
  }

  @Test
  void anInterruptedCallerGivesUp() throws Exception {
    Gate gate = new Gate();
    start(gate, 1);
    List<LlavaException> failures = new ArrayList<>();
    Thread caller = Thread.ofVirtual().start(() -> {
      try {
        engine.generate(request("a", 3));
      } catch (EngineException e) {
        failures.add(e);
      }
    });
    gate.reached.await();
    caller.interrupt();
    assertThat(caller.join(Duration.ofSeconds(30))).isTrue();
    assertThat(failures).hasSize(1);
    assertThat(failures.getFirst()).hasCauseInstanceOf(InterruptedException.class);
    gate.open();
    await(() -> engine.status().running() == 0);
  }
}
