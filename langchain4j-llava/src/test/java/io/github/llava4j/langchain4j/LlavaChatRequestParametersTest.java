package io.github.llava4j.langchain4j;

import java.time.Duration;

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
  void eachParameterIsKeptMergedAndCompared() {
    LlavaGrammar grammar = LlavaGrammar.regex("a+");
    LlavaChatRequestParameters all = LlavaChatRequestParameters.builder()
        .timeout(Duration.ofSeconds(3)).cacheSalt("tenant").jsonStyle(JsonStyle.COMPACT).allProperties(true)
        .unsupportedKeywords(UnsupportedKeywords.CHECK).maxIntegerDigits(9).maxToolCalls(2).toolThought(80)
        .schemaInPrompt(false).logprobs(5).grammar(grammar).build();
    assertThat(all.timeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(all.cacheSalt()).isEqualTo("tenant");
    assertThat(all.jsonStyle()).isEqualTo(JsonStyle.COMPACT);
    assertThat(all.allProperties()).isTrue();
    assertThat(all.unsupportedKeywords()).isEqualTo(UnsupportedKeywords.CHECK);
    assertThat(all.maxIntegerDigits()).isEqualTo(9);
    assertThat(all.maxToolCalls()).isEqualTo(2);
    assertThat(all.toolThought()).isEqualTo(80);
    assertThat(all.schemaInPrompt()).isFalse();
    assertThat(all.logprobs()).isEqualTo(5);
    assertThat(all.grammar()).isEqualTo(LlavaGrammar.regex("a+")).hasSameHashCodeAs(grammar)
        .isNotEqualTo(LlavaGrammar.gbnf("a+"));
    assertThat(all.overrideWith(OWN).defaultedBy(OWN).maxToolCalls()).isEqualTo(2);
    assertThat(OWN.overrideWith(all)).isNotEqualTo(OWN).isEqualTo(all.defaultedBy(OWN));
    assertThat(all.toString()).contains("maxToolCalls=2", "cacheSalt=set", "REGEX(a+)").doesNotContain("tenant");
    LlavaChatRequestParameters unset =
        LlavaChatRequestParameters.builder().overrideWith(all).maxToolCalls(null).grammar(null).build();
    assertThat(unset.maxToolCalls()).isNull();
    assertThat(unset).isNotEqualTo(all);
  }

  @Test
  void theyDifferFromCommonOnesAndSayWhatTheyAre() {
    assertThat(LlavaChatRequestParameters.EMPTY).isNotEqualTo(DefaultChatRequestParameters.EMPTY);
    assertThat(OWN.toString()).contains("temperature=0.5", "minP=0.1", "repetitionPenalty=1.2", "seed=3");
  }
}
