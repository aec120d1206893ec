package io.github.llava4j.demo.cli;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class BenchCommandTest {

  @Test
  void measuresAllThree() {
    JsonNode json = Cli.run("bench", "--model", Cli.model("next-vicuna"), "-p", 20, "-n", 3, "-r", 2, "--json").json();

    for (JsonNode quantity : List.of(
        json.at("/prefill/tokensPerSecond"), json.at("/decode/tokensPerSecond"), json.at("/vision/msPerTile"))) {
      assertThat(quantity.get("mean").asDouble()).isPositive();
      assertThat(quantity.get("samples")).hasSize(2);
    }
    assertThat(json.at("/prefill/tokens").asInt()).isEqualTo(20);
    assertThat(json.at("/decode/tokens").asInt()).isEqualTo(3);
  }

  @Test
  void printsATable() {
    Cli.Result result = Cli.run(
        "bench", "--model", Cli.model("next-vicuna"), "-p", 20, "-n", 3, "-r", 1, "--backend", "scalar", "--threads", 1);

    assertThat(result.out()).contains("scalar: plain Java", "| pp20 ", "| tg3 ", "| vision ", " ± 0.00 t/s");
  }

  @Test
  void keepsKeysAndValuesAsItIsTold() {
    for (String type : new String[] {"f16", "F32"}) {
      Cli.Result result = Cli.run("bench", "--model", Cli.model("next-vicuna"), "-p", 5, "-n", 2, "-r", 1, "--kv-type", type);
      assertThat(result.out()).contains("| tg2 ");
    }
    assertThat(Cli.run("bench", "--model", Cli.model("next-vicuna"), "--kv-type", "q2").err()).contains("--kv-type", "F16");
  }

  @Test
  void decodesAfterSomeTokens() {
    Cli.Result result = Cli.run("bench", "--model", Cli.model("next-vicuna"), "-p", 5, "-n", 3, "-d", 20, "-r", 1);

    assertThat(result.out()).contains("| tg3 @ d20 ");
    assertThat(Cli.run("bench", "--model", Cli.model("next-vicuna"), "-d", -1).err()).contains("-d must be at least 0");
  }

  @Test
  void statisticsAreTheUsualOnes() {
    Statistics statistics = new Statistics(new double[] {4, 1, 3, 2});

    assertThat(statistics.mean()).isEqualTo(2.5);
    assertThat(statistics.median()).isEqualTo(2.5);
    assertThat(statistics.deviation()).isCloseTo(1.29099, within(1e-5));
    assertThat(new Statistics(new double[] {5}).deviation()).isZero();
  }
}
