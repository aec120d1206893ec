package io.github.llava4j.mini;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import io.github.llava4j.langchain4j.LlavaChatModel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * llava-mini on pictures that other programs drew than the one that it was trained with: Java2D and a browser. The
 * pictures are files, because fonts differ from machine to machine.
 */
class ForeignPicturesTest {

  /** @param right how many answers its card promises */
  @ParameterizedTest
  @CsvSource({"java2d, 170", "browser, 105"})
  void asManyAnswersAreRightAsItsCardSays(String set, int right) {
    Map<String, List<Boolean>> scores = new TreeMap<>();
    List<String> wrong = new ArrayList<>();
    List<Question> questions = Question.of(set);
    try (LlavaChatModel model = LlavaChatModel.builder().build()) {
      for (Question question : questions) {
        Stream<Content> pictures =
            question.pictures(set).stream().map(file -> ImageContent.from(file, "image/png"));
        List<Content> contents =
            Stream.concat(pictures, Stream.of(TextContent.from(question.turns().getFirst()))).toList();
        String said = model.chat(UserMessage.from(contents)).aiMessage().text();
        boolean hit = said.equals(question.answer());
        scores.computeIfAbsent(question.family(), family -> new ArrayList<>()).add(hit);
        if (!hit) {
          wrong.add(question.images() + " " + question.turns().getFirst() + " " + question.answer() + ", not " + said);
        }
      }
    }
    System.out.println(set + ": " + (questions.size() - wrong.size()) + " of " + questions.size());
    scores.forEach((family, answers) -> System.out.println(
        "  " + family + ": " + answers.stream().filter(hit -> hit).count() + " of " + answers.size()));
    wrong.forEach(line -> System.out.println("  wrong: " + line));

    assertThat(questions.size() - wrong.size()).isGreaterThanOrEqualTo(right);
  }
}
