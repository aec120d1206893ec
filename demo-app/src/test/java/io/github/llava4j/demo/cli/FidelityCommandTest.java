package io.github.llava4j.demo.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class FidelityCommandTest {

  @TempDir
  private Path folder;

  @Test
  void everyCaseAndContainerIsWithinTolerance() throws IOException {
    Path page = folder.resolve("fidelity.md");

    Cli.Result result = Cli.run("fidelity", "--goldens", Cli.GOLDENS, "--out", page, "--backend", "vector");

    String text = Files.readString(page);
    assertThat(text).doesNotContain("| **");
    assertThat(result).isEqualTo(new Cli.Result(0, "", ""));
    assertThat(text).contains(
        "| next-vicuna | safetensors | vector | 17 of 17 |", "| llava15 | safetensors, sharded | vector |",
        "| next-vicuna | original LLaVA |", "| next-k256 | GGUF q4_k_m, mmproj", "| next-vicuna | GGUF f16, mmproj f32 |",
        "| next-vicuna | pdparams bfloat16 |");
  }
}
