package io.github.llava4j.langchain4j;

import java.util.List;

import dev.langchain4j.model.output.TokenUsage;
import io.github.llava4j.engine.Timings;
import io.github.llava4j.engine.TokenLogprob;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LlavaChatResponseMetadataTest {

  @Test
  void aCopyHasEverythingAndEachPartCounts() {
    LlavaChatResponseMetadata metadata = LlavaChatResponseMetadata.builder()
        .id("1").modelName("m").tokenUsage(new TokenUsage(5, 6))
        .imageTokenCount(3).cachedTokenCount(2).timings(new Timings(1, 2, 3, 4)).build();
    assertThat(metadata.toBuilder().build()).isEqualTo(metadata).hasSameHashCodeAs(metadata);
    assertThat(metadata.toBuilder().imageTokenCount(4).build()).isNotEqualTo(metadata);
    assertThat(metadata.toBuilder().cachedTokenCount(4).build()).isNotEqualTo(metadata);
    assertThat(metadata.toBuilder().timings(null).build()).isNotEqualTo(metadata);
    TokenLogprob token = new TokenLogprob(7, "a", -1, -0.5, List.of(new TokenLogprob.Top(7, "a", -1)));
    assertThat(metadata.toBuilder().logprobs(List.of(token)).build()).isNotEqualTo(metadata)
        .extracting(LlavaChatResponseMetadata::logprobs).isEqualTo(List.of(token));
    assertThat(metadata.toBuilder().toolDecisionProbability(0.5).build()).isNotEqualTo(metadata)
        .extracting(LlavaChatResponseMetadata::toolDecisionProbability).isEqualTo(0.5);
    assertThat(metadata.toString()).contains("imageTokenCount=3", "cachedTokenCount=2", "decodeMs=4");
  }
}
