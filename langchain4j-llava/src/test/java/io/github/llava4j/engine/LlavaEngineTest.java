package io.github.llava4j.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.llava4j.EngineException;
import io.github.llava4j.PromptException;
import io.github.llava4j.image.ImageLoader;
import io.github.llava4j.image.ImageSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Timeout(120)
class LlavaEngineTest {

  private static final Path CASE = Path.of("src/test/resources/goldens/next-vicuna");
  private static final String QUESTION = "USER: <image>\nWhat is shown in this image? ASSISTANT:";

  private static LlavaEngine open(int parallel, int queue) {
    return LlavaEngine.open(EngineOptions.builder(CASE.resolve("model"))
        .parallel(parallel).limits(EngineLimits.builder().maxWaiting(queue).build()).threads(1).build());
  }

  private static GenerationRequest request(LlavaEngine engine, String prompt, int maxTokens, String... images) {
    List<GenerationRequest.Input> pictures = new ArrayList<>();
    for (String image : images) {
      pictures.add(new GenerationRequest.Input(
          ImageLoader.DEFAULT.open(new ImageSource.File(CASE.resolve("images/" + image))), false));
    }
    return new GenerationRequest(
        engine.model().tokenizer().parse(prompt), pictures, Sampling.GREEDY, maxTokens, List.of(), false);
  }

  @Test
  void requestsAtTheSameTimeGetTheSameAnswersAsAlone() throws Exception {
    List<String> images = List.of("photo_200x150.jpg", "portrait_30x90.png", "text_160x100.png", "tiny_5x4.png");
    List<List<Integer>> alone = new ArrayList<>();
    try (LlavaEngine engine = open(1, 64)) {
      for (String image : images) {
        alone.add(engine.generate(request(engine, QUESTION, 12, image)).tokenIds());
      }
    }
    try (LlavaEngine engine = open(3, 64); ExecutorService pool = Executors.newFixedThreadPool(8)) {
      List<Future<List<Integer>>> together = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        GenerationRequest request = request(engine, QUESTION, 12, images.get(i % images.size()));
        together.add(pool.submit(() -> engine.generate(request).tokenIds()));
      }
      for (int i = 0; i < together.size(); i++) {
        assertThat(together.get(i).get()).as("request %d", i).isEqualTo(alone.get(i % images.size()));
      }
    }
  }

  @Test
  void aSecondQuestionAboutAPictureSeesItAgainWithoutComputingIt() {
    String second = QUESTION + " a USER: Where? ASSISTANT:";
    List<Integer> fresh;
    try (LlavaEngine engine = open(1, 8)) {
      fresh = engine.generate(request(engine, second, 12, "photo_200x150.jpg")).tokenIds();
    }
    try (LlavaEngine engine = open(1, 8)) {
      GenerationResult first = engine.generate(request(engine, QUESTION, 5, "photo_200x150.jpg"));
      assertThat(first.cachedTokens()).isZero();
      assertThat(first.timings().visionMs()).isPositive();
      GenerationResult result = engine.generate(request(engine, second, 12, "photo_200x150.jpg"));
      assertThat(result.cachedTokens()).isGreaterThan(first.imageTokens());
      assertThat(result.timings().visionMs()).isZero();
      assertThat(result.tokenIds()).isEqualTo(fresh);
      GenerationResult other = engine.generate(request(engine, second, 12, "text_160x100.png"));
      assertThat(other.tokenIds()).isNotEqualTo(fresh);
    }
  }

  @Test
  void streamedTextIsTheAnswerAndComesFromOneForeignThread() throws Exception {
    try (LlavaEngine engine = open(1, 8)) {
      StringBuilder text = new StringBuilder();
      List<Thread> threads = new ArrayList<>();
      CountDownLatch done = new CountDownLatch(1);
      Generation generation = engine.submit(request(engine, QUESTION, 12, "photo_200x150.jpg"), new GenerationListener() {
        @Override
        public void onText(String part) {
          text.append(part);
          threads.add(Thread.currentThread());
        }

        @Override
        public void onComplete(GenerationResult result) {
          threads.add(Thread.currentThread());
          done.countDown();
        }
      });
      GenerationResult result = generation.await();
      assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(text).hasToString(result.text());
      assertThat(result.outputTokens()).isEqualTo(12);
      assertThat(result.finishReason()).isEqualTo(FinishReason.LENGTH);
      assertThat(threads).doesNotContain(Thread.currentThread()).containsOnly(threads.getFirst());
    }
  }

  @Test
  void aCancelledRequestEndsSilently() throws Exception {
    try (LlavaEngine engine = open(1, 8)) {
      AtomicInteger after = new AtomicInteger();
      CountDownLatch started = new CountDownLatch(1);
      Generation generation = engine.submit(request(engine, QUESTION, 1500, "tiny_5x4.png"), new GenerationListener() {
        @Override
        public void onText(String part) {
          started.countDown();
        }

        @Override
        public void onComplete(GenerationResult result) {
          after.incrementAndGet();
        }

        @Override
        public void onError(Throwable error) {
          after.incrementAndGet();
        }
      });
      assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
      generation.cancel();
      GenerationResult result = generation.await();
      assertThat(result.finishReason()).isEqualTo(FinishReason.CANCELLED);
      assertThat(result.outputTokens()).isBetween(1, 1499);
      assertThat(engine.generate(request(engine, QUESTION, 3, "tiny_5x4.png")).outputTokens()).isEqualTo(3);
      assertThat(after).hasValue(0);
    }
  }

  @Test
  void aStopStringEndsTheAnswerAndNoneOfItIsSeen() {
    try (LlavaEngine engine = open(1, 8)) {
      GenerationRequest plain = request(engine, QUESTION, 12, "photo_200x150.jpg");
      String text = engine.generate(plain).text();
      String stop = text.substring(text.length() / 2, text.length() / 2 + 3);
      GenerationResult stopped = engine.generate(new GenerationRequest(
          plain.prompt(), plain.pictures(), plain.sampling(), 12, List.of(stop), false));
      assertThat(stopped.text()).isEqualTo(text.substring(0, text.indexOf(stop)));
      assertThat(stopped.finishReason()).isEqualTo(FinishReason.STOP);
    }
  }

  @Test
  void refusesMoreThanTheQueueHolds() {
    try (LlavaEngine engine = open(1, 1)) {
      List<Generation> accepted = new ArrayList<>();
      assertThatThrownBy(() -> {
        for (int i = 0; i < 5; i++) {
          accepted.add(engine.submit(request(engine, QUESTION, 1500, "tiny_5x4.png"), new GenerationListener() { }));
        }
      }).isInstanceOf(EngineException.class).hasMessageContaining("busy");
      accepted.forEach(Generation::cancel);
    }
  }

  @Test
  void refusesWhatDoesNotFitTheContext() {
    try (LlavaEngine engine = LlavaEngine.open(
        EngineOptions.builder(CASE.resolve("model")).context(60).threads(1).build())) {
      assertThatThrownBy(() -> engine.generate(request(engine, QUESTION, 5, "photo_200x150.jpg")))
          .isInstanceOf(PromptException.class).hasMessageContaining("positions").hasMessageContaining("60");
      assertThatThrownBy(() -> request(engine, QUESTION, 5))
          .isInstanceOf(PromptException.class).hasMessageContaining("1 image marks for 0 pictures");
      GenerationResult result = engine.generate(request(engine, "USER: a ASSISTANT:", 500));
      assertThat(result.finishReason()).isIn(FinishReason.LENGTH, FinishReason.STOP);
      assertThat(result.promptTokens() + result.outputTokens()).isLessThanOrEqualTo(61);
    }
  }

  @Test
  void closingEndsWhatRunsWithAnError() {
    LlavaEngine engine = open(1, 8);
    Generation running = engine.submit(request(engine, QUESTION, 1900, "tiny_5x4.png"), new GenerationListener() { });
    Generation waiting = engine.submit(request(engine, QUESTION, 1900, "tiny_5x4.png"), new GenerationListener() { });
    engine.close();
    assertThatThrownBy(running::await).isInstanceOf(EngineException.class).hasMessageContaining("closed");
    assertThatThrownBy(waiting::await).isInstanceOf(EngineException.class).hasMessageContaining("closed");
    assertThatThrownBy(() -> engine.submit(request(engine, QUESTION, 1, "tiny_5x4.png"), new GenerationListener() { }))
        .isInstanceOf(EngineException.class);
    engine.close();
  }
}
