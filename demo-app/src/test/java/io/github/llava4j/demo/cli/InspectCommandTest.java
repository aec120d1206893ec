package io.github.llava4j.demo.cli;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class InspectCommandTest {

  @Test
  void saysWhatACheckpointIs() {
    Cli.Result result = Cli.run("inspect", Cli.model("next-vicuna"));

    assertThat(result.code()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).containsPattern("(?m)^model$")
        .containsPattern("(?m)^  family +LLaVA-1.6$")
        .containsPattern("(?m)^  container +safetensors$")
        .containsPattern("(?m)^  kv heads +4$")
        .containsPattern("(?m)^  pinpoints +56x28, 28x56, 56x56, 28x84, 84x28$")
        .containsPattern("(?m)^  example +USER: <image>\\\\nWhat is shown in this image\\? ASSISTANT:$")
        .containsPattern("(?m)^  F16 +tensors \\d+, parameters \\d+, bytes [\\d.]+ KB$");
  }

  @Test
  void jsonHoldsTheSame() {
    JsonNode json = Cli.run("inspect", Cli.model("llava15"), "--json").json();

    assertThat(json.at("/model/family").asText()).isEqualTo("LLaVA-1.5");
    assertThat(json.at("/languageModel/layers").asInt()).isEqualTo(2);
    assertThat(json.at("/visionTower/imageSize").asInt()).isEqualTo(56);
    assertThat(json.at("/tensors/BF16/tensors").asInt()).isPositive();
    assertThat(json.at("/memory/totalBytes").asLong()).isEqualTo(
        json.at("/memory/weightsBytes").asLong() + json.at("/memory/cacheBytes").asLong()
            + json.at("/memory/buffersBytes").asLong());
  }
}
