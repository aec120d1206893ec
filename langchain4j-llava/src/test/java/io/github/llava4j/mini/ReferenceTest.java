package io.github.llava4j.mini;

import java.nio.file.Path;
import java.util.List;

import io.github.llava4j.engine.EngineOptions;
import io.github.llava4j.engine.GenerationRequest;
import io.github.llava4j.engine.GenerationResult;
import io.github.llava4j.engine.LlavaEngine;
import io.github.llava4j.engine.Sampling;
import io.github.llava4j.image.ImageLoader;
import io.github.llava4j.image.ImageSource;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * llava-mini here says, token by token, what it says in transformers, right or wrong: on the CPU's backends, or those of the
 * property {@code llava4j.test.backends}.
 */
class ReferenceTest {

  static String[] backends() {
    return System.getProperty("llava4j.test.backends", "vector,scalar").split(",");
  }

  @ParameterizedTest
  @MethodSource("backends")
  void greedyIdsAreThoseOfTransformers(String backend) {
    check(backend, "heldout", 200);
  }

  /** A second picture in a later turn, which the model sometimes answers from the first one: so does transformers. */
  @ParameterizedTest
  @MethodSource("backends")
  void aSecondPictureInALaterTurn(String backend) {
    check(backend, "later", 72);
  }

  private static void check(String backend, String set, int least) {
    List<Question> questions = Question.of(set);
    SoftAssertions softly = new SoftAssertions();
    try (LlavaEngine engine = LlavaEngine.open(EngineOptions.builder(Path.of("mini")).backend(backend).build())) {
      for (Question question : questions) {
        List<GenerationRequest.Input> pictures = question.pictures(set).stream()
            .map(file -> ImageLoader.DEFAULT.load(new ImageSource.File(file)))
            .map(picture -> new GenerationRequest.Input(picture, false))
            .toList();
        GenerationResult result = engine.generate(new GenerationRequest(
            engine.model().tokenizer().parse(question.prompt()), pictures, Sampling.GREEDY, 140, List.of(), false));
        softly.assertThat(result.tokenIds()).as("%s", question).isEqualTo(question.greedyIds());
      }
    }
    softly.assertAll();
    assertThat(questions).hasSizeGreaterThanOrEqualTo(least);
  }
}
