package io.github.llava4j.engine;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.llava4j.ConstraintException;
import io.github.llava4j.constraint.Constraint;
import io.github.llava4j.constraint.grammar.Expression;
import io.github.llava4j.constraint.grammar.Expression.Choice;
import io.github.llava4j.constraint.grammar.Expression.Encoding;
import io.github.llava4j.constraint.grammar.Expression.Literal;
import io.github.llava4j.constraint.grammar.Expression.Repeat;
import io.github.llava4j.constraint.grammar.Expression.Sequence;
import io.github.llava4j.constraint.grammar.Expression.Terminal;
import io.github.llava4j.constraint.grammar.Grammar;
import io.github.llava4j.constraint.regular.Language;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

/** Answers held to a grammar by an engine whose model has random weights and would never say such a thing by itself. */
@Timeout(120)
class ConstrainedGenerationTest {

  private static final Path MODEL = Path.of("src/test/resources/goldens/next-vicuna/model");
  private static final Expression DIGIT = Terminal.raw(Language.range('0', '9'));
  private static final Expression RECORD = Sequence.of(
      new Literal("{\"name\": "), new Terminal(Language.any(), Encoding.JSON_STRING, 0, 1_000),
      new Literal(", \"count\": "), new Repeat(DIGIT, Expression.EMPTY, 1, 5), new Literal("}"));
  private static final String RECORD_PATTERN = "(?s)\\{\"name\": \"([^\"\\\\]|\\\\.)*\", \"count\": [0-9]{1,5}}";

  private static LlavaEngine engine;

  @BeforeAll
  static void open() {
    engine = LlavaEngine.open(EngineOptions.builder(MODEL).parallel(4).threads(1).build());
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  private static Constraint constraint(Expression root) {
    return Constraint.of(new Grammar(Map.of("root", root), "root"), engine.tokenTable());
  }

  private static GenerationRequest request(Constraint constraint, Sampling sampling, int maxTokens, int logprobs) {
    return new GenerationRequest(
        engine.model().tokenizer().parse("USER: Hello ASSISTANT:"), List.of(), sampling, maxTokens, List.of(), false,
        null, "", constraint, logprobs);
  }

  private static GenerationResult answer(Expression root, int maxTokens) {
    return engine.generate(request(constraint(root), Sampling.GREEDY, maxTokens, -1));
  }

  @Test
  void anAnswerThatCanOnlyEndEndsByItself() {
    GenerationResult result = answer(Sequence.of(new Literal("[1, 2, "), DIGIT, new Literal("]")), 100);
    assertThat(result.text()).matches("\\[1, 2, [0-9]]");
    assertThat(result.finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(engine.model().isEnd(result.tokenIds().getLast())).as("no token is spent on the end").isFalse();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.7, 1.5})
  void aRecordIsWholeAtEveryTokenLimit(double temperature) {
    Constraint constraint = constraint(RECORD);
    int least = constraint.leastTokens();
    for (int more = 0; more < 40; more += 3) {
      for (double penalty : new double[] {1, 1.5}) {
        Sampling sampling = new Sampling(temperature, 0, 1, 0, penalty, 0, 0, 7L + more);
        GenerationResult result = engine.generate(request(constraint, sampling, least + more, -1));
        assertThat(result.text()).matches(RECORD_PATTERN);
        assertThat(result.outputTokens()).isLessThanOrEqualTo(least + more);
      }
    }
  }

  @Test
  void whatIsClosedInTimeSaysSo() {
    Expression text = new Terminal(Language.any(), Encoding.JSON_STRING, 0, Integer.MAX_VALUE);
    List<String> heard = new ArrayList<>();
    GenerationResult result = engine.submit(
        request(constraint(text), Sampling.GREEDY, 12, -1),
        new GenerationListener() {
          @Override
          public void onText(String part) {
            heard.add(part);
          }

          @Override
          public void onClosing() {
            heard.add("<closing>");
          }
        }).await();
    assertThat(result.text()).startsWith("\"").endsWith("\"");
    assertThat(result.finishReason()).isEqualTo(FinishReason.LENGTH);
    assertThat(result.outputTokens()).isLessThanOrEqualTo(12);
    assertThat(heard).contains("<closing>");
  }

  @Test
  void whatDoesNotFitIsRefusedBeforeAnythingIsComputed() {
    Constraint constraint = constraint(new Literal("x".repeat(50)));
    assertThatThrownBy(() -> engine.generate(request(constraint, Sampling.GREEDY, 10, -1)))
        .isInstanceOf(ConstraintException.class)
        .hasMessageContaining(constraint.leastTokens() + " tokens").hasMessageContaining("room for 10");
    assertThat(engine.status().running()).isZero();
    assertThat(engine.generate(request(null, Sampling.GREEDY, 3, -1)).outputTokens()).isEqualTo(3);
  }

  @Test
  void besideOthersEachAnswersAsAlone() {
    Constraint record = constraint(RECORD);
    List<GenerationRequest> requests = List.of(
        request(record, Sampling.GREEDY, 40, -1), request(null, Sampling.GREEDY, 40, -1),
        request(constraint(new Repeat(Choice.of(new Literal("a"), new Literal("b")), Expression.EMPTY, 30, 30)), Sampling.GREEDY, 40, -1),
        request(record, new Sampling(1, 0, 1, 0, 1, 0, 0, 3), 40, 2));
    List<List<Integer>> alone = requests.stream().map(request -> engine.generate(request).tokenIds()).toList();
    List<Generation> together =
        requests.stream().map(request -> engine.submit(request, new GenerationListener() { })).toList();
    for (int i = 0; i < requests.size(); i++) {
      assertThat(together.get(i).await().tokenIds()).as("request %d", i).isEqualTo(alone.get(i));
    }
  }

  @Test
  void greedyTakesTheLikeliestOfWhatIsAllowed() {
    Expression choice = Choice.of(new Literal("a"), new Literal("b"), new Literal("c"), new Literal("d"));
    GenerationResult result = engine.generate(request(constraint(choice), Sampling.GREEDY, 5, 20));
    TokenLogprob chosen = result.logprobs().getFirst();
    double best = Double.NEGATIVE_INFINITY;
    for (String text : List.of("a", "b", "c", "d")) {
      GenerationResult forced = engine.generate(request(constraint(new Literal(text)), Sampling.GREEDY, 5, 0));
      best = Math.max(best, forced.logprobs().getFirst().logprob());
    }
    assertThat(chosen.logprob()).isCloseTo(best, within(1e-6));
    assertThat(chosen.constrained()).isGreaterThan(chosen.logprob()).isLessThanOrEqualTo(0);
  }

  @Test
  void probabilitiesOfAnAnswerThatNothingConstrains() {
    GenerationResult result = engine.generate(request(null, Sampling.GREEDY, 8, 3));
    assertThat(result.logprobs()).hasSize(result.outputTokens());
    for (TokenLogprob token : result.logprobs()) {
      assertThat(token.top()).hasSize(3);
      assertThat(token.top().getFirst().token()).isEqualTo(token.token());
      assertThat(token.top().getFirst().logprob()).isEqualTo(token.logprob());
      assertThat(token.constrained()).isEqualTo(token.logprob());
      assertThat(token.top()).isSortedAccordingTo((a, b) -> Double.compare(b.logprob(), a.logprob()));
    }
    assertThat(engine.generate(request(null, Sampling.GREEDY, 8, -1)).tokenIds()).isEqualTo(result.tokenIds());
  }

  @Test
  void signalsComeInTheOrderOfTheText() throws Exception {
    Expression answer = Sequence.of(new Literal("Action: "),
        Choice.of(Sequence.of(new Literal("one\n"), new Expression.Signal(1)), Sequence.of(new Literal("two\n"), new Expression.Signal(2))),
        new Expression.Rest());
    StringBuilder heard = new StringBuilder();
    CountDownLatch done = new CountDownLatch(1);
    GenerationResult result = engine.submit(request(constraint(answer), Sampling.GREEDY, 30, -1), new GenerationListener() {
      @Override
      public void onText(String part) {
        heard.append(part);
      }

      @Override
      public void onSignal(int signal) {
        heard.append('<').append(signal).append('>');
      }

      @Override
      public void onComplete(GenerationResult complete) {
        done.countDown();
      }
    }).await();
    assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(heard.toString()).matches("(?s)Action: (one\n<1>|two\n<2>).*");
    assertThat(heard.toString().replaceAll("<[12]>", "")).isEqualTo(result.text());
    assertThat(result.outputTokens()).isEqualTo(30);
  }

  @Test
  void aStopStringOfTheCallerCutsTheAnswer() {
    Expression text = Sequence.of(new Literal("[1, 2, 3"), DIGIT, new Literal("]"));
    GenerationRequest request = new GenerationRequest(
        engine.model().tokenizer().parse("USER: Hello ASSISTANT:"), List.of(), Sampling.GREEDY, 50, List.of(", 3"), false,
        null, "", constraint(text), -1);
    GenerationResult result = engine.generate(request);
    assertThat(result.text()).isEqualTo("[1, 2");
    assertThat(result.finishReason()).isEqualTo(FinishReason.STOP);
  }

  @Test
  void cancellingEndsItWithinAToken() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    Expression endless = new Terminal(Language.any(), Encoding.JSON_STRING, 1_900, Integer.MAX_VALUE);
    Generation generation = engine.submit(request(constraint(endless), Sampling.GREEDY, 1_950, -1), new GenerationListener() {
      @Override
      public void onText(String part) {
        started.countDown();
      }
    });
    assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
    generation.cancel();
    GenerationResult result = generation.await();
    assertThat(result.finishReason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(result.outputTokens()).isLessThan(1_900);
  }

  @Test
  void aTimeoutEndsIt() {
    Constraint endless = constraint(new Terminal(Language.any(), Encoding.JSON_STRING, 1_900, Integer.MAX_VALUE));
    GenerationRequest request = new GenerationRequest(
        engine.model().tokenizer().parse("USER: Hello ASSISTANT:"), List.of(), Sampling.GREEDY, 1_950, List.of(), false,
        Duration.ofMillis(1), "", endless, -1);
    assertThatThrownBy(() -> engine.generate(request)).isInstanceOf(io.github.llava4j.EngineTimeoutException.class);
  }
}
