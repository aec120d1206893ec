package io.github.llava4j.demo.tools.trace;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class NpyFileTest {

  @TempDir
  private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {
      "next-vicuna/expected/runs/text_only.logits_last.npy", "next-vicuna/expected/runs/text_only.layers_last.npy",
      "next-vicuna/expected/images/photo_200x150.pixel_values.npy"})
  void writesTheBytesThatNumpyWrites(String name) throws IOException {
    Path golden = Path.of("../langchain4j-llava/src/test/resources/goldens").resolve(name);
    Path copy = folder.resolve("copy.npy");

    NpyFile.read(golden).write(copy);

    assertThat(copy).hasSameBinaryContentAs(golden);
  }

  @Test
  void writesMoreThanOneChunk() throws IOException {
    float[] values = new float[700_001];
    values[700_000] = 3;
    Path file = folder.resolve("large.npy");

    new NpyFile(new int[] {values.length}, values).write(file);

    assertThat(NpyFile.read(file).values()).isEqualTo(values);
    assertThat(Files.size(file)).isEqualTo(128 + 4L * values.length);
  }

  @Test
  void emptyArraysAreArraysToo() throws IOException {
    Path file = folder.resolve("empty.npy");

    new NpyFile(new int[] {0, 3}, new float[0]).write(file);

    assertThat(NpyFile.read(file).shape()).containsExactly(0, 3);
  }

  @Test
  void refusesOtherFiles() throws IOException {
    Path file = Files.writeString(folder.resolve("other.npy"), "no numpy file at all", StandardCharsets.US_ASCII);

    assertThatThrownBy(() -> NpyFile.read(file)).isInstanceOf(IOException.class).hasMessageContaining("other.npy");
  }
}
