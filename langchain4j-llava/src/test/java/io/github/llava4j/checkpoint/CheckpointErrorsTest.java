package io.github.llava4j.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.llava4j.CheckpointException;
import io.github.llava4j.config.DecoderJson;
import io.github.llava4j.config.Json;
import io.github.llava4j.config.JsonFields;
import io.github.llava4j.config.LlavaConfig;
import io.github.llava4j.config.ProjectorJson;
import io.github.llava4j.config.TowerShape;
import io.github.llava4j.config.VisionJson;
import io.github.llava4j.kernels.Op;
import io.github.llava4j.testing.GoldenFiles;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Folders in all states: what is found, and what is said about what is not. */
class CheckpointErrorsTest {

  @TempDir Path temp;
  private Path folder;

  @BeforeEach
  void aModelFolder() throws IOException {
    folder = Files.createDirectory(temp.resolve("model"));
    GoldenFiles.copy("next-vicuna/model", folder);
  }

  @Test
  void opensAFolderWithALanguageModelAndOneMmproj() throws IOException {
    Path gguf = Files.createDirectory(temp.resolve("gguf"));
    Files.copy(GoldenFiles.path("next-vicuna/gguf/text-q8_0.gguf"), gguf.resolve("some-name"));
    Files.copy(GoldenFiles.path("next-vicuna/gguf/mmproj-model-f16.gguf"), gguf.resolve("another-name"));
    Checkpoint.open(ModelSource.of(gguf, null)).close();
    Checkpoint.open(ModelSource.of(gguf.resolve("some-name"), null)).close();
    assertRefused(gguf.resolve("another-name"), "a vision tower (mmproj), which is no language model");
    assertThatThrownBy(() -> Checkpoint.open(ModelSource.of(gguf.resolve("some-name"), gguf.resolve("some-name"))))
        .hasMessageContaining("some-name: no vision tower (mmproj) but a language model");
    Files.copy(GoldenFiles.path("next-vicuna/gguf/mmproj-model-f32.gguf"), gguf.resolve("third"));
    assertRefused(gguf, "several files could be the mmproj, name one: another-name, third");
    Checkpoint.open(ModelSource.of(gguf, gguf.resolve("third"))).close();
    Files.delete(gguf.resolve("third"));
    Files.delete(gguf.resolve("another-name"));
    assertRefused(gguf, "a language model alone; its vision tower (mmproj) is not in the folder");
  }

  @Test
  void listsTheCandidatesOfAnAmbiguousFolder() throws IOException {
    Files.copy(GoldenFiles.path("next-vicuna/gguf/text-q8_0.gguf"), folder.resolve("text.gguf"));
    assertRefused(folder, "several files could be the model, name one: model.safetensors, text.gguf");
    Checkpoint.open(ModelSource.of(folder.resolve("model.safetensors"), null)).close();
    assertRefused(GoldenFiles.path("next-vicuna/gguf"), "text-bf16.gguf, text-f16.gguf, text-q4_0.gguf");
  }

  @Test
  void findsPaddlesFilesWhereverTheyAre() throws IOException {
    Path paddle = GoldenFiles.copy("pdparams/float16", Files.createDirectory(temp.resolve("paddle")));
    Files.move(paddle.resolve("tokenizer.model"), paddle.resolve("sentencepiece.bpe.model"));
    Files.createDirectories(paddle.resolve("processor/eval"));
    Files.writeString(paddle.resolve("processor/eval/preprocessor_config.json"), "{\"crop_size\":28}");
    Files.write(paddle.resolve("optimizer.pdopt"), new byte[] {(byte) 0x80, 4, '}', '.'});
    try (Checkpoint checkpoint = Checkpoint.open(ModelSource.of(paddle, null))) {
      assertThat(checkpoint.bytes("sentencepiece.bpe.model")).isPresent();
      assertThat(checkpoint.json("preprocessor_config.json").orElseThrow().get("crop_size").asInt()).isEqualTo(28);
      assertThat(checkpoint.json("tokenizer.json")).isEmpty();
    }
  }

  @Test
  void takesTheVisionHeadsFromAFileThatDescribesTheTower() throws IOException {
    Path paddle = GoldenFiles.copy("pdparams/float16", Files.createDirectory(temp.resolve("paddle")));
    ObjectNode tower = (ObjectNode) GoldenFiles.json("pdparams/vision_config.json");
    tower.put("num_attention_heads", 2).put("hidden_act", "gelu");
    Path beside = temp.resolve("vision_config.json");
    Files.writeString(beside, tower.toString());
    try (Checkpoint checkpoint = Checkpoint.open(ModelSource.of(paddle, null))) {
      assertThat(checkpoint.config().vision().heads()).isEqualTo(2);
      assertThat(checkpoint.config().vision().activation()).isEqualTo(Op.Activation.GELU);
    }
    Files.writeString(beside, tower.put("hidden_size", 1024).toString());
    try (Checkpoint checkpoint = Checkpoint.open(ModelSource.of(paddle, null))) {
      assertThat(checkpoint.config().vision().heads()).isEqualTo(4);
    }
    Files.move(beside, paddle.resolve("vision_config.json"));
    assertRefused(paddle, "vision_config.json: describes another vision tower than the weights");
  }

  @Test
  void saysWhatToDoWithFilesThatCannotBeRead() throws IOException {
    Path other = Files.createDirectory(temp.resolve("other"));
    assertRefused(other, "no model in this folder; expected safetensors, GGUF or model_state.pdparams");
    assertRefused(temp.resolve("gone"), "no such file or folder");
    Files.writeString(other.resolve("pytorch_model.bin"), "PK\u0003\u0004...");
    assertRefused(other, "pytorch_model.bin is a PyTorch file (.bin, .pt): convert it to safetensors");
    assertRefused(other.resolve("pytorch_model.bin"), "convert it to safetensors");
    assertRefused(write("ggml.bin", "tjgg...."), "formats before GGUF");
    assertRefused(write("lfs", "version https://git-lfs.github.com/spec/v1\n"), "run git lfs pull");
    assertRefused(write("text", "hello"), "no model file that is known here");
    assertRefused(write("empty", ""), "an empty file");
    assertRefused(write("page", "<!DOCTYPE html>"), "a web page in place of the file");
    Files.delete(folder.resolve("config.json"));
    assertRefused(folder, "config.json: no such file; it must lie beside the weights");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "image_newline|image_newlin|surplus tensors, which no LLaVA model of this configuration has: image_newlin",
        "language_model.model.layers.0.mlp.up_proj.weight|language_model.model.layers.3.mlp.up_proj.weight|"
            + "1 tensors are missing: llm.blk.0.up",
        "language_model.model.layers.0.self_attn.q_proj.weight|language_model.model.layers.0.self_attn.qkv_proj.weight|"
            + "qkv_proj.weight holds several weights in one (fused)",
        "image_newline|model.norm.weight|both are llm.norm"
      })
  void refusesTensorsOfOtherNames(String from, String to, String message) throws IOException {
    Path file = folder.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    rename(file, bytes, from, to);
    assertRefused(folder, message);
  }

  @Test
  void ignoresTensorsThatFollowFromTheConfiguration() throws IOException {
    Path file = folder.resolve("model.safetensors");
    rename(file, Files.readAllBytes(file), "vision_tower.vision_model.post_layernorm.bias",
        "vision_tower.vision_model.embeddings.position_ids");
    Checkpoint.open(ModelSource.of(folder, null)).close();
  }

  @Test
  void namesBothShapes() throws IOException {
    config(config -> ((ObjectNode) config.get("text_config")).put("intermediate_size", 128));
    assertRefused(
        folder, "mlp.gate_proj.weight has shape [160, 64], but llm.blk.0.gate must have [128, 64]");
  }

  @Test
  void saysHowMuchIsMissingOfATruncatedFile() throws IOException {
    Path file = folder.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 100));
    assertRefused(folder, "truncated: the last 100 of ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`\"model_type\":\"qwen2_vl\"`|model_type \"qwen2_vl\" is not supported",
        "`\"vision_feature_layer\":[-2,-5]`|features of several layers are not supported",
        "`\"vision_feature_layer\":-5`|vision feature layer -5 is not supported with 4 vision layers",
        "`\"vision_feature_layer\":\"x\"`|expected a whole number",
        "`\"vision_feature_select_strategy\":\"last\"`|vision_feature_select_strategy \"last\" is not supported",
        "`\"projector_hidden_act\":\"relu\"`|expected quick_gelu, gelu or silu",
        "`\"quantization_config\":{\"bits\":4}`|quantization_config",
        "`\"text_config\":{\"model_type\":\"qwen2\"}`|model_type \"qwen2\" is not supported",
        "`\"text_config\":{\"rope_scaling\":{\"type\":\"linear\",\"factor\":2}}`|rope_scaling",
        "`\"text_config\":{\"num_attention_heads\":7}`|hidden size (4096) must be a multiple of heads (7)",
        "`\"text_config\":{\"num_hidden_layers\":1000000}`|1000000 layers are more than",
        "`\"text_config\":{\"hidden_size\":-1}`|hidden_size is -1, expected 1 to",
        "`\"text_config\":{\"rms_norm_eps\":\"a\"}`|rms_norm_eps is \"a\", expected a number",
        "`\"text_config\":{\"attention_bias\":true}`|attention_bias true is not supported",
        "`\"vision_config\":{\"model_type\":\"siglip_vision_model\"}`|siglip_vision_model"
      })
  void refusesConfigurationsByName(String change, String message) throws IOException {
    JsonNode changed = Json.parse("test", ("{" + change + "}").getBytes());
    config(config -> config.setAll((ObjectNode) changed));
    assertRefused(folder, message);
  }

  @ParameterizedTest
  @CsvSource({"-1, 4", "-2, 3", "-3, 2", "1, 1", "3, 3"})
  void runsAsManyVisionBlocksAsTheFeatureLayerNeeds(int layer, int blocks) throws IOException {
    config(config -> config.put("vision_feature_layer", layer).put("vision_feature_select_strategy", "full"));
    try (Checkpoint checkpoint = Checkpoint.open(ModelSource.of(folder, null))) {
      assertThat(checkpoint.config().vision().layers()).isEqualTo(blocks);
      assertThat(checkpoint.config().vision().keepClass()).isTrue();
      assertThat(checkpoint.tensors().containsKey("vit.blk." + blocks + ".q.w")).isFalse();
    }
  }

  @Test
  void fillsInTheDefaultsOfTransformers() {
    JsonFields empty = new JsonFields("test", MissingNode.getInstance());
    assertThat(DecoderJson.read(empty))
        .isEqualTo(
            new LlavaConfig.Decoder(
                "llama", 4096, 11008, 32, 32, 32, 128, 32000, 1e-6f, 10000, 2048, 0, Op.RopeLayout.HALF_SPLIT));
    assertThat(DecoderJson.read(fields("{'model_type':'mistral','rope_parameters':{'rope_theta':1000000.0}}")))
        .isEqualTo(
            new LlavaConfig.Decoder(
                "mistral", 4096, 14336, 32, 32, 8, 128, 32000, 1e-6f, 1e6f, 131072, 4096, Op.RopeLayout.HALF_SPLIT));
    assertThat(DecoderJson.read(fields("{'model_type':'mistral','sliding_window':null}")).slidingWindow()).isZero();
    assertThat(VisionJson.huggingFace(empty))
        .isEqualTo(new LlavaConfig.Vision(1024, 4096, 23, 16, 336, 14, 1e-5f, Op.Activation.QUICK_GELU, false));
    assertThat(VisionJson.huggingFace(fields("{'vision_config':{}}")))
        .isEqualTo(new LlavaConfig.Vision(768, 3072, 11, 12, 224, 32, 1e-5f, Op.Activation.QUICK_GELU, false));
    assertThat(ProjectorJson.original(fields("{'mm_projector_type':'linear'}")).layers()).isEqualTo(1);
    assertThat(ProjectorJson.original(fields("{'mm_projector_type':'mlp3x_gelu'}")).layers()).isEqualTo(3);
    assertThatThrownBy(() -> ProjectorJson.original(fields("{'mm_projector_type':'cabstract'}")))
        .hasMessageContaining("mm_projector_type \"cabstract\" is not supported");
  }

  @Test
  void clipHeadsAreSixtyFourWideUnlessTheDecoderIsNarrower() {
    TowerShape large = new TowerShape(1024, 4096, 24, 336, 14);
    JsonFields none = new JsonFields("test", MissingNode.getInstance());
    assertThat(VisionJson.original(none, none, large, 128))
        .isEqualTo(new LlavaConfig.Vision(1024, 4096, 23, 16, 336, 14, 1e-5f, Op.Activation.QUICK_GELU, false));
    assertThat(VisionJson.original(none, none, large, 32).heads()).isEqualTo(32);
  }

  @Test
  void aTiedHeadIsTheEmbeddingTableUnlessOneIsStored() throws IOException {
    config(config -> ((ObjectNode) config.get("text_config")).put("tie_word_embeddings", true));
    try (Checkpoint checkpoint = Checkpoint.open(ModelSource.of(folder, null))) {
      assertThat(checkpoint.tensor("llm.head").data().address())
          .isNotEqualTo(checkpoint.tensor("llm.embed").data().address());
    }
    Path file = folder.resolve("model.safetensors");
    // A name of the same length that is left aside.
    rename(file, Files.readAllBytes(file), "language_model.lm_head.weight", "a_name_that_is.rotary_emb.inv_freq".substring(5));
    try (Checkpoint checkpoint = Checkpoint.open(ModelSource.of(folder, null))) {
      assertThat(checkpoint.tensor("llm.head").data().address())
          .isEqualTo(checkpoint.tensor("llm.embed").data().address());
    }
    config(config -> ((ObjectNode) config.get("text_config")).put("tie_word_embeddings", false));
    assertRefused(folder, "1 tensors are missing: llm.head");
  }

  private void config(Consumer<ObjectNode> change) throws IOException {
    Path file = folder.resolve("config.json");
    ObjectNode config = (ObjectNode) Json.parse(file, Files.readAllBytes(file));
    change.accept(config);
    Files.writeString(file, config.toString());
  }

  /** Rewrites the header of a safetensors file. */
  private static void rename(Path file, byte[] bytes, String from, String to) throws IOException {
    int length = (int) new ByteReader(CheckpointFiles.inMemory(bytes)).i64();
    ObjectNode header = (ObjectNode) Json.parse(file, Arrays.copyOfRange(bytes, 8, 8 + length));
    Map<String, JsonNode> renamed = new LinkedHashMap<>();
    header.properties().forEach(f -> renamed.put(f.getKey().equals(from) ? to : f.getKey(), f.getValue()));
    header.removeAll().setAll(renamed);
    int dataBytes = bytes.length - 8 - length;
    byte[] written = SafetensorsFileTest.bytes(header.toString(), dataBytes);
    System.arraycopy(bytes, 8 + length, written, written.length - dataBytes, dataBytes);
    Files.write(file, written);
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(temp.resolve(name), content);
  }

  private static JsonFields fields(String json) {
    return new JsonFields("test", Json.parse("test", json.replace('\'', '"').getBytes()));
  }

  private static void assertRefused(Path path, String message) {
    assertThatThrownBy(() -> Checkpoint.open(ModelSource.of(path, null)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(message);
  }
}
