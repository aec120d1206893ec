package io.github.llava4j.mini;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;

/**
 * A conversation with llava-mini about pictures, as the scripts in {@code src/llava-mini} write them: a line of
 * {@code questions.jsonl}.
 *
 * @param turns the questions; all but the last come with their answers
 * @param answers the right ones
 * @param prompt as transformers was asked; null where it was not
 * @param greedyIds what transformers answered; null where it was not asked
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record Question(
    String family, List<String> images, List<String> turns, List<String> answers, String prompt, List<Integer> greedyIds) {

  private static final Path ROOT = Path.of("src/test/resources/llava-mini");
  private static final ObjectMapper JSON =
      new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);

  /** All questions of a set. */
  static List<Question> of(String set) {
    try {
      return Files.readAllLines(ROOT.resolve(set).resolve("questions.jsonl")).stream().map(Question::parse).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Question parse(String line) {
    try {
      return JSON.readValue(line, Question.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The files of the pictures. */
  List<Path> pictures(String set) {
    return images.stream().map(ROOT.resolve(set)::resolve).toList();
  }

  String answer() {
    return answers.getLast();
  }
}
