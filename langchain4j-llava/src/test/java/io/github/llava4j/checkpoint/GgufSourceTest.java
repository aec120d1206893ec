package io.github.llava4j.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.function.Consumer;

import io.github.llava4j.CheckpointException;
import io.github.llava4j.config.LlavaConfig;
import io.github.llava4j.config.TensorCatalog;
import io.github.llava4j.kernels.Op;
import io.github.llava4j.kernels.tensor.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class GgufSourceTest {

  @Test
  void fillsInWhatTheDecodersMetadataLeaveOut() {
    GgufSource source = source(w -> decoder(w).tensor("token_embd.weight", DType.F32, 10, 8));
    assertThat(source.decoder())
        .isEqualTo(
            new LlavaConfig.Decoder(
                "llama", 8, 16, 1, 2, 2, 4, 10, 1e-5f, 10000, 2048, 0, Op.RopeLayout.INTERLEAVED));
    assertThat(source.tiedHead()).isTrue();
  }

  @Test
  void refusesDecodersByName() {
    assertRefused(w -> w.put("general.architecture", "qwen2"), "qwen2 is not supported");
    assertRefused(w -> w.put("k", 1), "(none) is not supported");
    assertRefused(w -> decoder(w).put("llama.expert_count", 8), "mixtures of experts");
    assertRefused(w -> decoder(w).put("llama.rope.scaling.type", "yarn"), "yarn");
    assertRefused(w -> decoder(w).put("llama.rope.dimension_count", 2), "expected the head dimension 4");
    assertRefused(w -> decoder(w).put("split.count", 3), "llama-gguf-split --merge");
    assertRefused(w -> decoder(w).tensor("rope_freqs.weight", DType.F32, 2), "tensor rope_freqs.weight scales");
    assertRefused(w -> decoder(w).tensor("blk.0.attn_qkv.weight", DType.F32, 2), "surplus tensors");
    assertRefused(w -> w.put("general.architecture", "llama"), "no value for llama.embedding_length");
  }

  @ParameterizedTest
  @CsvSource({"3, 0, 3", "23, 0, 23", "24, 0, 23", "24, 24, 24", "4, 2, 2"})
  void runsTheStoredVisionBlocks(int stored, int featureLayer, int run) {
    GgufSource source =
        source(
            w -> {
              vision(w, 16, 32).tensor("v.blk." + (stored - 1) + ".ln1.weight", DType.F32, 16);
              if (featureLayer > 0) {
                w.put("clip.vision.feature_layer", new int[] {featureLayer});
              }
            });
    assertThat(source.vision().layers()).isEqualTo(run);
  }

  @Test
  void refusesVisionTowersByName() {
    assertVisionRefused(w -> w.put("clip.projector_type", "ldpv2"), "ldpv2 is not supported, only mlp");
    assertVisionRefused(w -> w.put("clip.vision.projector_type", "resampler"), "resampler is not supported");
    assertVisionRefused(w -> w.put("clip.vision.feature_layer", new int[] {1, 2}), "features of several layers");
  }

  /** Legacy files call the first layer of the feed-forward network ffn_down. */
  @ParameterizedTest
  @CsvSource({"16, 32, false, false", "16, 32, true, true", "16, 16, false, false", "16, 16, true, true"})
  void findsOutWhichLayerWidens(int hidden, int inner, boolean legacy, boolean marked) {
    String first = legacy ? "ffn_down" : "ffn_up";
    String second = legacy ? "ffn_up" : "ffn_down";
    GgufSource source =
        source(
            w -> {
              vision(w, hidden, inner);
              if (marked) {
                w.put("clip.has_llava_projector", true);
              }
              w.tensor("v.blk.0." + first + ".weight", DType.F32, inner, hidden);
              w.tensor("v.blk.0." + first + ".bias", DType.F32, inner);
              w.tensor("v.blk.0." + second + ".weight", DType.F32, hidden, inner);
              w.tensor("v.blk.0." + second + ".bias", DType.F32, hidden);
            });
    assertThat(source.tensors().get("vit.blk.0.fc1.w").name()).isEqualTo("v.blk.0." + first + ".weight");
    assertThat(source.tensors().get("vit.blk.0.fc1.b").name()).isEqualTo("v.blk.0." + first + ".bias");
    assertThat(source.tensors().get("vit.blk.0.fc2.w").name()).isEqualTo("v.blk.0." + second + ".weight");
  }

  @Test
  void namesOfBothKindsAreEachOthersInverse() {
    LlavaConfig config =
        new LlavaConfig(
            new LlavaConfig.Decoder("llama", 8, 8, 11, 2, 2, 4, 9, 1, 1, 1, 0, Op.RopeLayout.INTERLEAVED),
            new LlavaConfig.Vision(8, 8, 11, 2, 14, 14, 1, Op.Activation.QUICK_GELU, false),
            new LlavaConfig.Projector(2, Op.Activation.GELU, true),
            0);
    for (String name : TensorCatalog.of(config).keySet()) {
      assertThat(GgufNames.canonical(GgufNames.gguf(name))).contains(name);
    }
    assertThat(GgufNames.gguf("vit.blk.10.fc2.b")).isEqualTo("v.blk.10.ffn_down.bias");
    assertThatThrownBy(() -> GgufNames.gguf("vit.blk.0.x.w")).isInstanceOf(IllegalArgumentException.class);
  }

  private static GgufWriter decoder(GgufWriter writer) {
    return writer
        .put("general.architecture", "llama").put("llama.embedding_length", 8).put("llama.feed_forward_length", 16)
        .put("llama.block_count", 1).put("llama.attention.head_count", 2);
  }

  private static GgufWriter vision(GgufWriter writer, int hidden, int inner) {
    return writer
        .put("general.architecture", "clip").put("clip.vision.embedding_length", hidden)
        .put("clip.vision.feed_forward_length", inner).put("clip.vision.attention.head_count", 2)
        .put("clip.vision.image_size", 28).put("clip.vision.patch_size", 14);
  }

  private static void assertRefused(Consumer<GgufWriter> content, String message) {
    assertThatThrownBy(() -> source(content).decoder())
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll("test.bin", message);
  }

  private static void assertVisionRefused(Consumer<GgufWriter> content, String message) {
    assertThatThrownBy(
            () -> source(w -> content.accept(vision(w, 16, 32).put("clip.vision.block_count", 3))).vision())
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll("test.bin", message);
  }

  private static GgufSource source(Consumer<GgufWriter> content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    GgufWriter writer = new GgufWriter(Channels.newChannel(bytes));
    content.accept(writer);
    try {
      writer.close();
    } catch (IllegalStateException e) {
      // The tensors' data is missing: the tests look at names and shapes only.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    bytes.writeBytes(new byte[1 << 20]);
    return new GgufSource(Path.of("test.bin"), GgufFile.read(CheckpointFiles.inMemory(bytes.toByteArray())));
  }
}
