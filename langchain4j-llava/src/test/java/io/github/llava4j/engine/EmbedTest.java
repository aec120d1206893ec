package io.github.llava4j.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.llava4j.EngineBusyException;
import io.github.llava4j.EngineClosedException;
import io.github.llava4j.EngineException;
import io.github.llava4j.EngineTimeoutException;
import io.github.llava4j.PromptException;
import io.github.llava4j.PromptTooLargeException;
import io.github.llava4j.checkpoint.Checkpoint;
import io.github.llava4j.checkpoint.ModelSource;
import io.github.llava4j.engine.FakeBackend.Call;
import io.github.llava4j.engine.FakeBackend.Faults;
import io.github.llava4j.image.EncodedPicture;
import io.github.llava4j.image.ImageLoader;
import io.github.llava4j.image.ImageSource;
import io.github.llava4j.kernels.DeviceException;
import io.github.llava4j.model.LlavaModel;
import io.github.llava4j.testing.GoldenFiles;
import io.github.llava4j.testing.Npy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

/** Features of pictures: what they are, and that such a request ends as every other does. */
@Timeout(120)
class EmbedTest {

  private static final Path CASE = GoldenFiles.path("next-vicuna");

  private LlavaEngine engine;

  @AfterEach
  void close() {
    if (engine != null) {
      engine.close();
    }
  }

  private static EncodedPicture picture(Path folder, String name) {
    return ImageLoader.DEFAULT.open(new ImageSource.File(folder.resolve("images").resolve(name)));
  }

  private static EmbedRequest tiny() {
    return new EmbedRequest(picture(CASE, "tiny_5x4.png"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"next-vicuna", "next-mistral", "llava15"})
  void areTheMeanOfTransformersFeatures(String golden) throws IOException {
    Path folder = GoldenFiles.path(golden);
    engine = LlavaEngine.open(EngineOptions.builder(folder.resolve("model")).backend("vector").threads(1).build());
    int compared = 0;
    for (JsonNode image : GoldenFiles.json(golden + "/expected/index.json").get("images")) {
      String name = image.asText();
      JsonNode expected = GoldenFiles.json(golden + "/expected/images/" + name + ".json");
      Path file = folder.resolve(expected.get("file").asText());
      Npy hidden = Npy.read(folder.resolve("expected/images").resolve(expected.get("vision_hidden").get("file").asText()));
      float[] features = engine.embed(new EmbedRequest(ImageLoader.DEFAULT.open(new ImageSource.File(file))));
      assertThat(features).hasSize(hidden.shape()[2]).hasSize(engine.visionWidth());
      for (int i = 0; i < features.length; i++) {
        double sum = 0;
        for (int row = 1; row < hidden.shape()[1]; row++) {
          sum += hidden.values()[row * features.length + i];
        }
        assertThat((double) features[i]).as(name).isCloseTo(sum / (hidden.shape()[1] - 1), within(1e-4));
      }
      compared++;
    }
    assertThat(compared).isGreaterThan(2);
  }

  private FakeBackend start(Faults faults, int parallel, EngineLimits limits) {
    FakeBackend backend = new FakeBackend(faults);
    Checkpoint files = Checkpoint.open(ModelSource.of(CASE.resolve("model"), null));
    engine = new LlavaEngine(files, LlavaModel.of(files, null, Set.of()), backend,
        EngineOptions.builder(CASE.resolve("model")).parallel(parallel).context(512).limits(limits).build(), System.nanoTime());
    return backend;
  }

  /** A device that stops before it sees anything until it is let go. */
  private static final class Gate implements Faults {
    final Semaphore go = new Semaphore(0);
    final CountDownLatch reached = new CountDownLatch(1);

    @Override
    public void before(Call call, FakeBackend device) {
      if (call == Call.SEE) {
        reached.countDown();
        go.acquireUninterruptibly();
      }
    }
  }

  @Test
  void aDeviceFailureEndsOneAndTheNextIsSeen() {
    AtomicInteger left = new AtomicInteger(1);
    start((call, device) -> {
      if (call == Call.SEE && left.getAndDecrement() > 0) {
        throw new DeviceException("lost a warp");
      }
    }, 1, EngineLimits.DEFAULT);
    assertThatThrownBy(() -> engine.embed(tiny())).isInstanceOf(EngineException.class)
        .hasMessageContaining("the device failed").hasMessageContaining("lost a warp");
    assertThat(engine.embed(tiny())).hasSize(engine.visionWidth());
    assertThat(engine.status().deviceFailures()).isZero();
    assertThat(engine.status().running()).isZero();
  }

  @Test
  void aDeviceThatFailsInARowClosesTheEngine() {
    start((call, device) -> {
      if (call == Call.SEE) {
        throw new DeviceException("gone");
      }
    }, 1, EngineLimits.DEFAULT);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> engine.embed(tiny())).isInstanceOf(EngineException.class);
    }
    assertThatThrownBy(() -> {
      while (true) {
        engine.embed(tiny());
      }
    }).isInstanceOf(EngineClosedException.class).hasMessageContaining("gone");
  }

  @Test
  void closingEndsThoseThatAreSeenAndThoseThatWait() throws Exception {
    Gate gate = new Gate();
    FakeBackend backend = start(gate, 1, EngineLimits.DEFAULT);
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<float[]>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        all.add(CompletableFuture.supplyAsync(() -> engine.embed(tiny()), callers));
      }
      gate.reached.await();
      while (engine.status().running() + engine.status().waiting() < 4) {
        Thread.sleep(1);
      }
      Thread closer = Thread.ofVirtual().start(engine::close);
      gate.go.release(100);
      closer.join();
      for (CompletableFuture<float[]> one : all) {
        try {
          assertThat(one.get()).isNotEmpty(); // It was being seen, and the device's step could not be stopped.
        } catch (ExecutionException e) {
          assertThat(e.getCause()).isInstanceOf(EngineClosedException.class);
        }
      }
    }
    assertThat(backend.isClosed()).isTrue();
    assertThatThrownBy(() -> engine.embed(tiny())).isInstanceOf(EngineClosedException.class);
  }

  @Test
  void limitsHoldAsForRequests() throws Exception {
    Gate gate = new Gate();
    start(gate, 1, EngineLimits.DEFAULT.toBuilder().maxWaiting(1).maxRequestPixels(20).build());
    assertThatThrownBy(() -> engine.embed(new EmbedRequest(picture(CASE, "gradient_56x56.png"))))
        .isInstanceOf(PromptTooLargeException.class).hasMessageContaining("maxRequestPixels is 20");
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 2; i++) {
        callers.submit(() -> engine.embed(tiny()));
      }
      while (engine.status().running() + engine.status().waiting() < 2) {
        Thread.sleep(1);
      }
      assertThatThrownBy(() -> engine.embed(tiny())).isInstanceOf(EngineBusyException.class)
          .hasMessageContaining("maxWaiting is 1");
      gate.go.release(100);
    }
  }

  @Test
  void theTimeoutHolds() throws Exception {
    Gate gate = new Gate();
    start(gate, 1, EngineLimits.DEFAULT);
    assertThatThrownBy(() -> engine.embed(new EmbedRequest(picture(CASE, "tiny_5x4.png"), Duration.ofMillis(50), "")))
        .isInstanceOf(EngineTimeoutException.class);
    gate.go.release(100);
    assertThat(engine.embed(tiny())).isNotEmpty();
    assertThatThrownBy(() -> new EmbedRequest(picture(CASE, "tiny_5x4.png"), Duration.ZERO, null))
        .isInstanceOf(PromptException.class);
  }

  @Test
  void interruptingTheCallerCancelsIt() throws Exception {
    Gate gate = new Gate();
    start(gate, 1, EngineLimits.DEFAULT);
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    Thread caller = Thread.ofVirtual().start(() -> {
      try {
        engine.embed(tiny());
        thrown.complete(null);
      } catch (EngineException e) {
        thrown.complete(e);
      }
    });
    gate.reached.await();
    caller.interrupt();
    assertThat(thrown.get()).isInstanceOf(EngineException.class).hasMessageContaining("interrupted");
    gate.go.release(100);
    assertThat(engine.embed(tiny())).isNotEmpty();
    assertThat(engine.status().running()).isZero();
  }

  @Test
  void answersAndFeaturesGoOnBesideEachOther() {
    start(Faults.NONE, 2, EngineLimits.DEFAULT);
    float[] alone = engine.embed(tiny());
    GenerationRequest look = new GenerationRequest(
        engine.model().tokenizer().parse("USER: <image>\nWhat? ASSISTANT:"),
        List.of(new GenerationRequest.Input(picture(CASE, "tiny_5x4.png"), false)), Sampling.GREEDY, 20, List.of(), false);
    List<Integer> answer = engine.generate(look).tokenIds();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<Void>> all = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        all.add(CompletableFuture.runAsync(() -> assertThat(engine.embed(tiny())).isEqualTo(alone), callers));
        all.add(CompletableFuture.runAsync(() -> assertThat(engine.generate(look).tokenIds()).isEqualTo(answer), callers));
      }
      all.forEach(CompletableFuture::join);
    }
    assertThat(engine.status().running()).isZero();
    assertThat(engine.status().waiting()).isZero();
  }
}
