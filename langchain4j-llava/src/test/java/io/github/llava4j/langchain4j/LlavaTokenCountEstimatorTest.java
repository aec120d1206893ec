package io.github.llava4j.langchain4j;

import java.util.List;

import dev.langchain4j.data.message.AudioContent;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LlavaTokenCountEstimatorTest {

  private final LlavaChatModel model =
      LlavaChatModel.builder().engine(Goldens.engine(Goldens.VICUNA)).maxOutputTokens(1).build();
  private final LlavaTokenCountEstimator estimator = model.tokenCountEstimator();

  @Test
  void countsWhatARequestTakes() {
    List<ChatMessage> messages = List.of(
        UserMessage.from(Goldens.image(Goldens.VICUNA, "portrait_30x90.png"), TextContent.from("What is this?")));
    int counted = estimator.estimateTokenCountInMessages(messages);
    assertThat(counted).isEqualTo(model.chat(messages).tokenUsage().inputTokenCount());
    assertThat(estimator.estimateTokenCountInMessage(messages.getFirst())).isEqualTo(counted);
  }

  @Test
  void countsATextAlone() {
    assertThat(estimator.estimateTokenCountInText("")).isZero();
    assertThat(estimator.estimateTokenCountInText("What is this?"))
        .isPositive()
        .isLessThan(estimator.estimateTokenCountInMessage(UserMessage.from("What is this?")));
  }

  @Test
  void refusesWhatTheModelRefuses() {
    UserMessage audio = UserMessage.from(AudioContent.from("AA", "audio/wav"));
    assertThatThrownBy(() -> estimator.estimateTokenCountInMessage(audio))
        .isInstanceOf(UnsupportedFeatureException.class);
  }
}
