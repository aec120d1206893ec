package io.github.llava4j.langchain4j;

import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LlavaChatRequestParametersTest {

  private static final LlavaChatRequestParameters OWN =
      LlavaChatRequestParameters.builder().temperature(0.5).minP(0.1).repetitionPenalty(1.2).seed(3L).build();

  @Test
  void commonParametersOverrideWithoutLosingOurs() {
    ChatRequestParameters common = ChatRequestParameters.builder().temperature(0.9).topK(4).build();
    LlavaChatRequestParameters expected = LlavaChatRequestParameters.builder()
        .temperature(0.9).topK(4).minP(0.1).repetitionPenalty(1.2).seed(3L).build();
    assertThat(OWN.overrideWith(common)).isEqualTo(expected);
    assertThat(common.defaultedBy(OWN)).isEqualTo(expected);
  }

  @Test
  void oursOverrideAndDefaultOneAnother() {
    LlavaChatRequestParameters other = LlavaChatRequestParameters.builder().minP(0.7).maxOutputTokens(9).build();
    LlavaChatRequestParameters otherWins = LlavaChatRequestParameters.builder()
        .temperature(0.5).minP(0.7).repetitionPenalty(1.2).seed(3L).maxOutputTokens(9).build();
    assertThat(OWN.overrideWith(other)).isEqualTo(otherWins).hasSameHashCodeAs(otherWins);
    assertThat(other.defaultedBy(OWN)).isEqualTo(otherWins);
    assertThat(OWN.defaultedBy(other).minP()).isEqualTo(0.1);
    assertThat(DefaultChatRequestParameters.EMPTY.overrideWith(OWN)).isEqualTo(OWN);
    assertThat(LlavaChatRequestParameters.EMPTY.overrideWith(OWN)).isEqualTo(OWN).isNotEqualTo(otherWins);
  }

  @Test
  void theyDifferFromCommonOnesAndSayWhatTheyAre() {
    assertThat(LlavaChatRequestParameters.EMPTY).isNotEqualTo(DefaultChatRequestParameters.EMPTY);
    assertThat(OWN.toString()).contains("temperature=0.5", "minP=0.1", "repetitionPenalty=1.2", "seed=3");
  }
}
