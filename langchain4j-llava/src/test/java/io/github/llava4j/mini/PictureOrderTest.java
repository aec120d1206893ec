package io.github.llava4j.mini;

import java.util.ArrayList;
import java.util.List;

import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import io.github.llava4j.langchain4j.LlavaChatModel;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A question before its picture, as LangChain4j's AI services send it, is answered as one behind it: the model's chat
 * template puts pictures first.
 */
class PictureOrderTest {

  private static final String SET = "heldout";
  private static final int QUESTIONS = 84;

  @Test
  void textFirstIsAnsweredAsPictureFirst() {
    List<Question> questions = Question.of(SET).stream()
        .filter(question -> question.images().size() == 1 && question.turns().size() == 1)
        .limit(QUESTIONS)
        .toList();
    int rightPictureFirst = 0;
    int rightTextFirst = 0;
    List<String> textFirst = new ArrayList<>();
    List<String> pictureFirst = new ArrayList<>();
    try (LlavaChatModel model = LlavaChatModel.builder().build()) {
      for (Question question : questions) {
        Content picture = ImageContent.from(question.pictures(SET).getFirst(), "image/png");
        Content text = TextContent.from(question.turns().getFirst());
        pictureFirst.add(model.chat(UserMessage.from(picture, text)).aiMessage().text());
        textFirst.add(model.chat(UserMessage.from(text, picture)).aiMessage().text());
        rightPictureFirst += pictureFirst.getLast().equals(question.answer()) ? 1 : 0;
        rightTextFirst += textFirst.getLast().equals(question.answer()) ? 1 : 0;
      }
    }
    System.out.println(questions.size() + " questions, right: " + rightPictureFirst + " and " + rightTextFirst);
    assertThat(questions).hasSize(QUESTIONS);
    assertThat(questions.stream().map(Question::images).distinct()).hasSizeGreaterThanOrEqualTo(14);
    assertThat(textFirst).isEqualTo(pictureFirst);
    assertThat(rightTextFirst).isEqualTo(rightPictureFirst).isGreaterThan(questions.size() * 9 / 10);
  }
}
