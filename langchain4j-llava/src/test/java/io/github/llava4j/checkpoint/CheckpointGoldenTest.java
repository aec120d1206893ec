package io.github.llava4j.checkpoint;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.llava4j.config.ConfigStyle;
import io.github.llava4j.config.Json;
import io.github.llava4j.config.LlavaConfig;
import io.github.llava4j.kernels.Op;
import io.github.llava4j.kernels.tensor.DType;
import io.github.llava4j.kernels.tensor.Tensor;
import io.github.llava4j.testing.GoldenFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;
import static org.assertj.core.data.Percentage.withPercentage;

/** The same model out of every container. */
class CheckpointGoldenTest {

  @TempDir Path temp;

  @Test
  void readsTheConfigurationOfEveryCase() {
    assertThat(config("next-vicuna/model"))
        .isEqualTo(
            new LlavaConfig(
                new LlavaConfig.Decoder(
                    "llama", 64, 160, 3, 4, 4, 16, 832, 1e-5f, 10000, 2048, 0, Op.RopeLayout.HALF_SPLIT),
                new LlavaConfig.Vision(64, 128, 3, 4, 28, 7, 1e-5f, Op.Activation.QUICK_GELU, false),
                new LlavaConfig.Projector(2, Op.Activation.GELU, true),
                800));
    assertThat(config("next-mistral/model"))
        .isEqualTo(
            new LlavaConfig(
                new LlavaConfig.Decoder(
                    "mistral", 64, 224, 4, 4, 2, 16, 832, 1e-5f, 1e6f, 4096, 0, Op.RopeLayout.HALF_SPLIT),
                new LlavaConfig.Vision(48, 96, 2, 3, 42, 14, 1e-5f, Op.Activation.QUICK_GELU, false),
                new LlavaConfig.Projector(2, Op.Activation.GELU, true),
                800));
    assertThat(config("llava15/model"))
        .isEqualTo(
            new LlavaConfig(
                new LlavaConfig.Decoder(
                    "llama", 96, 256, 2, 6, 6, 16, 832, 1e-5f, 10000, 2048, 0, Op.RopeLayout.HALF_SPLIT),
                new LlavaConfig.Vision(64, 192, 2, 4, 56, 14, 1e-5f, Op.Activation.QUICK_GELU, false),
                new LlavaConfig.Projector(2, Op.Activation.GELU, false),
                800));
    assertThat(config("next-k256/model").decoder().kvHeads()).isEqualTo(4);
    assertThat(config("next-k256/model").vision().heads()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "next-vicuna/model-original-llava-format, SAFETENSORS, ORIGINAL",
    "pdparams/float16, PDPARAMS, ORIGINAL",
    "pdparams/bfloat16, PDPARAMS, ORIGINAL"
  })
  void derivesTheConfigurationThatOtherFoldersDoNotState(String folder, Container container, ConfigStyle style) {
    try (Checkpoint checkpoint = Checkpoint.open(ModelSource.of(GoldenFiles.path(folder), null))) {
      LlavaConfig reference = config("next-vicuna/model");
      assertThat(checkpoint.config().decoder()).isEqualTo(reference.decoder());
      assertThat(checkpoint.config().vision()).isEqualTo(reference.vision());
      assertThat(checkpoint.config().projector()).isEqualTo(reference.projector());
      assertThat(checkpoint.config().imageTokenId()).isEqualTo(-200);
      assertThat(checkpoint.container()).isEqualTo(container);
      assertThat(checkpoint.configStyle()).isEqualTo(style);
      assertThat(checkpoint.bytes("tokenizer.model").orElseThrow()).hasSize(11614);
    }
  }

  @ParameterizedTest
  @CsvSource({"model-original-llava-format, 0", "../pdparams/float16, 0", "../pdparams/bfloat16, 0.02"})
  void everyContainerOfNextVicunaHasTheSameTensors(String other, float tolerance) {
    try (Checkpoint reference = Checkpoint.open(ModelSource.of(GoldenFiles.path("next-vicuna/model"), null));
        Checkpoint checkpoint =
            Checkpoint.open(ModelSource.of(GoldenFiles.path("next-vicuna").resolve(other).normalize(), null))) {
      assertSameTensors(reference, checkpoint, tolerance);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "text-f16.gguf, mmproj-model-f16.gguf, 0", "text-bf16.gguf, mmproj-model-f32.gguf, 0.02",
    "text-q8_0.gguf, mmproj-model-f16.gguf, 0.021", "text-q5_1.gguf, mmproj-model-f16.gguf, 0.053",
    "text-q4_0.gguf, mmproj-model-f16.gguf, 0.19"
  })
  void ggufHasTheSameTensorsButForTheOrderOfQueriesAndKeys(String text, String mmproj, float tolerance) {
    Path folder = GoldenFiles.path("next-vicuna/gguf");
    try (Checkpoint reference = Checkpoint.open(ModelSource.of(GoldenFiles.path("next-vicuna/model"), null));
        Checkpoint checkpoint = Checkpoint.open(ModelSource.of(folder.resolve(text), folder.resolve(mmproj)))) {
      assertSameTensors(reference, checkpoint, tolerance);
      LlavaConfig config = checkpoint.config();
      assertThat(config.vision()).isEqualTo(reference.config().vision());
      assertThat(config.projector()).isEqualTo(reference.config().projector());
      assertThat(config.decoder().ropeLayout()).isEqualTo(Op.RopeLayout.INTERLEAVED);
      assertThat(config.decoder().heads()).isEqualTo(4);
      assertThat(config.decoder().vocabulary()).isEqualTo(832);
      assertThat(config.imageTokenId()).isEqualTo(800);
      assertThat(checkpoint.languageMetadata().orElseThrow().strings("tokenizer.ggml.tokens").orElseThrow())
          .hasSize(832)
          .startsWith("<unk>", "<s>", "</s>");
      assertThat(checkpoint.visionMetadata().orElseThrow().integers("clip.vision.image_grid_pinpoints").orElseThrow())
          .containsExactly(28, 56, 56, 28, 56, 56, 84, 28, 28, 84);
      assertThat(checkpoint.json("config.json")).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"text-q2_k.gguf", "text-q4_k_m.gguf", "text-q5_k_m.gguf"})
  void textAndVisionMayComeFromDifferentContainers(String text) {
    Path gguf = GoldenFiles.path("next-k256/gguf").resolve(text);
    try (Checkpoint model = Checkpoint.open(ModelSource.of(GoldenFiles.path("next-k256/model"), null));
        Checkpoint mixed = Checkpoint.open(ModelSource.of(gguf, GoldenFiles.path("next-k256/model")))) {
      assertThat(mixed.container()).isEqualTo(Container.GGUF);
      assertThat(mixed.config().vision()).isEqualTo(model.config().vision());
      assertThat(mixed.json("preprocessor_config.json")).isPresent();
      CheckpointFiles.writeMmproj(model, temp.resolve("mmproj.gguf"));
      try (Checkpoint written = Checkpoint.open(ModelSource.of(gguf, temp.resolve("mmproj.gguf")))) {
        assertThat(written.config()).isEqualTo(mixed.config());
        mixed.tensors().forEach((name, t) ->
            assertThat(written.tensor(name).toFloats()).as(name).isEqualTo(t.toFloats()));
      }
    }
  }

  @Test
  void anMmprojFileReplacesTheVisionTowerOfAnotherModel() {
    try (Checkpoint checkpoint =
        Checkpoint.open(ModelSource.of(
            GoldenFiles.path("next-vicuna/model"), GoldenFiles.path("next-vicuna/gguf/mmproj-model-f32.gguf")))) {
      assertThat(checkpoint.tensor("vit.blk.2.fc1.w").type()).isEqualTo(DType.F32);
      assertThat(checkpoint.tensor("llm.embed").type()).isEqualTo(DType.F16);
      assertThat(checkpoint.files()).hasSize(2);
    }
  }

  @Test
  void readsShards() throws Exception {
    GoldenFiles.copy("llava15/model", temp);
    Files.delete(temp.resolve("model.safetensors"));
    GoldenFiles.copy("llava15/model-sharded", temp);
    try (Checkpoint reference = Checkpoint.open(ModelSource.of(GoldenFiles.path("llava15/model"), null));
        Checkpoint sharded = Checkpoint.open(ModelSource.of(temp, null));
        Checkpoint index = Checkpoint.open(ModelSource.of(temp.resolve("model.safetensors.index.json"), null))) {
      assertThat(reference.tensor("llm.embed").type()).isEqualTo(DType.BF16);
      assertSameTensors(reference, sharded, 0);
      assertSameTensors(reference, index, 0);
      assertThat(sharded.files()).hasSize(3);
    }
  }

  /** Sums and values of all tensors of all GGUF files, as numpy got them from gguf-py's dequantisation. */
  @ParameterizedTest
  @ValueSource(strings = {"next-vicuna", "next-k256"})
  void dequantisesEveryTensorOfEveryGguf(String model) {
    for (Path expected : GoldenFiles.list(model + "/gguf/expected")) {
      if (!expected.toString().endsWith(".json")) {
        continue;
      }
      JsonNode json = Json.parse(expected, GoldenFiles.bytes(expected));
      Path file = GoldenFiles.path(model + "/gguf").resolve(json.get("file").asText());
      Map<String, StoredTensor> stored =
          GgufFile.read(new MappedFile(file, MemorySegment.ofArray(GoldenFiles.bytes(file))))
              .tensors().stream()
              .collect(Collectors.toMap(StoredTensor::name, t -> t));
      assertThat(stored).hasSize(json.get("tensors").size());
      json.get("tensors").properties().forEach(field -> assertTensor(field, stored.get(field.getKey())));
    }
  }

  private static void assertTensor(Map.Entry<String, JsonNode> field, StoredTensor stored) {
    JsonNode expected = field.getValue();
    int[] shape = new int[stored.shape().length];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = expected.get("shape").get(i).asInt();
    }
    assertThat(stored.type().name()).isEqualTo(expected.get("type").asText());
    float[] values = stored.as(field.getKey(), shape).toFloats();
    double sum = 0;
    double squares = 0;
    for (float value : values) {
      sum += value;
      squares += (double) value * value;
    }
    assertThat(sum).isCloseTo(expected.get("sum").asDouble(), offset(1e-6));
    assertThat(squares).isCloseTo(expected.get("sumsq").asDouble(), withPercentage(1e-8));
    for (JsonNode point : expected.get("points")) {
      assertThat(values[point.get(0).asInt()]).isEqualTo((float) point.get(1).asDouble());
    }
  }

  private static void assertSameTensors(Checkpoint reference, Checkpoint other, float tolerance) {
    assertThat(other.tensors().keySet()).containsExactlyElementsOf(reference.tensors().keySet());
    LlavaConfig.Decoder decoder = other.config().decoder();
    boolean permuted = decoder.ropeLayout() != reference.config().decoder().ropeLayout();
    reference.tensors().forEach((name, tensor) -> {
      Tensor found = other.tensor(name);
      assertThat(found.name()).isEqualTo(name);
      assertThat(found.shape()).as(name).containsExactly(tensor.shape());
      boolean rope = permuted && name.matches("llm\\.blk\\.\\d+\\.[qk]");
      float[] a = new float[tensor.columns()];
      float[] b = new float[tensor.columns()];
      for (int row = 0; row < tensor.rows(); row++) {
        tensor.readRow(rope ? halfSplitRow(row, decoder.headDim()) : row, a, 0);
        found.readRow(row, b, 0);
        for (int i = 0; i < a.length; i++) {
          if (Math.abs(a[i] - b[i]) > tolerance) {
            throw new AssertionError("%s[%d,%d]: %s instead of %s".formatted(name, row, i, b[i], a[i]));
          }
        }
      }
    });
  }

  /** Where llama.cpp's row {@code row} is in Hugging Face's order. */
  private static int halfSplitRow(int row, int headDim) {
    int inHead = row % headDim;
    return row - inHead + inHead % 2 * headDim / 2 + inHead / 2;
  }

  private static LlavaConfig config(String folder) {
    try (Checkpoint checkpoint = Checkpoint.open(ModelSource.of(GoldenFiles.path(folder), null))) {
      return checkpoint.config();
    }
  }
}
