package io.github.llava4j.cases;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.llava4j.CheckpointException;
import io.github.llava4j.checkpoint.Checkpoint;
import io.github.llava4j.checkpoint.ModelSource;
import io.github.llava4j.checkpoint.PdparamsShards;
import io.github.llava4j.engine.EngineOptions;
import io.github.llava4j.engine.GenerationRequest;
import io.github.llava4j.engine.LlavaEngine;
import io.github.llava4j.engine.Sampling;
import io.github.llava4j.image.ImageLoader;
import io.github.llava4j.image.ImageSource;
import io.github.llava4j.model.LlavaModel;
import io.github.llava4j.testing.GgufPatch;
import io.github.llava4j.text.Turn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Model files as people have them: what they say is heard, or refused by a message that names the file and the way out.
 * Expected ids are those of transformers 5.18.
 */
class CheckpointCasesTest {

  private static final Path GOLDENS = Path.of("src/test/resources/goldens");
  private static final Path TEXT = GOLDENS.resolve("next-vicuna/gguf/text-f16.gguf");
  private static final Path MMPROJ = GOLDENS.resolve("next-vicuna/gguf/mmproj-model-f16.gguf");
  private static final String PHOTO = "photo_200x150";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir
  private Path temp;

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "LlavaImageProcessor|do_pad|true|36 245 398 407 398 262 496 74 212 594 152 372 336 551 414 580",
    "CLIPImageProcessor|size|{\"shortest_edge\":64}|219 8 708 641 612 612 612 559 346 612 559 596 398 575 362 64",
    "CLIPImageProcessor|image_mean|[0.5,0.5,0.5]|436 31 782 22 681 594 262 760 361 153 560 540 359 217 535 596"
  })
  void pictureSettingsWithinProcessorConfig(String type, String key, String value, String ids) throws IOException {
    Path folder = copy("llava15/model");
    ObjectNode settings = (ObjectNode) JSON.readTree(folder.resolve("preprocessor_config.json").toFile());
    settings.put("image_processor_type", type).set(key, JSON.readTree(value));
    if (key.equals("image_mean")) {
      settings.set("image_std", JSON.readTree(value));
    }
    // transformers 5 prefers the nested settings, whatever the older file says.
    edit(folder, "processor_config.json", config -> config.set("image_processor", settings));
    assertThat(answer(folder, null, "llava15", PHOTO)).isEqualTo(ids(ids));
    Files.delete(folder.resolve("preprocessor_config.json"));
    assertThat(answer(folder, null, "llava15", PHOTO)).isEqualTo(ids(ids));
  }

  @Test
  void aFilterThatIsNotDoneIsRefusedWithinProcessorConfigToo() throws IOException {
    Path folder = copy("llava15/model");
    ObjectNode settings = (ObjectNode) JSON.readTree(folder.resolve("preprocessor_config.json").toFile());
    Files.delete(folder.resolve("preprocessor_config.json"));
    edit(folder, "processor_config.json", config -> config.set("image_processor", settings.put("resample", 2)));
    assertRefused(folder, null, "resample is 2, expected 3 (bicubic)");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "trl|1 301 559 266 298 732 718 272 259 270 730 303 374 682 275 276 420 531 723 733 327 723 332 350 704 391 523 735 279 "
        + "523 297 723 370 717 514 737 733 730 727 741 708 685 741 276 287 511 340 420 722 732 320 412 263 682 275 798 722 667 "
        + "690 686 735 383 745 717 800 773 300 452 317 734 722 282 724 277 259 545 293 719 343 756 365 745 717",
    "vicuna_system|1 301 559 266 298 732 718 272 259 270 730 303 374 682 275 276 420 531 723 733 327 723 332 350 704 391 523 "
        + "735 279 523 297 723 370 717 514 737 733 730 727 741 708 685 741 276 287 511 340 420 722 732 320 412 263 682 275 798 "
        + "722 667 690 686 735 383 745 717 800 13 773 300 452 317 734 722 282 724 277 259 545 293 719 343 756 365 745",
    "human|1 717 789 789 789 512 563 745 717 800 13 773 300 452 317 734 722 282 724 277 259 545 293 719 343 756 789 789 789 "
        + "301 359 521 745"
  })
  void theTemplateInTheFilesIsRun(String template, String ids) throws IOException {
    Path folder = copy("next-vicuna/model");
    Files.delete(folder.resolve("chat_template.json"));
    Files.copy(
        Path.of("src/test/resources/templates/unknown", template + ".jinja"), folder.resolve("chat_template.jinja"));
    Turn pictureFirst = new Turn(Turn.Role.USER, List.of(
        new Turn.Content.Image(), new Turn.Content.Text("How many legs does a dog have?")));
    try (Checkpoint checkpoint = Checkpoint.open(ModelSource.of(folder, null))) {
      LlavaModel model = LlavaModel.of(checkpoint, null, Set.of());
      assertThat(model.tokenizer().tokenize(model.template().render(List.of(pictureFirst))).ids(800))
          .containsExactly(Arrays.stream(ids.split(" ")).mapToInt(Integer::parseInt).toArray());
    }
    try (Checkpoint checkpoint = Checkpoint.open(ModelSource.of(folder, null))) {
      LlavaModel model = LlavaModel.of(checkpoint, "hf_vicuna", Set.of());
      assertThat(model.template().name()).isEqualTo("hf_vicuna");
    }
    Files.writeString(folder.resolve("chat_template.jinja"), "{% include 'other' %}");
    assertRefused(folder, null, "chat_template.jinja cannot be used: line 1: the tag \"include\" is not supported");
    try (Checkpoint checkpoint = Checkpoint.open(ModelSource.of(folder, null))) {
      assertThatThrownBy(() -> LlavaModel.of(checkpoint, "nosuch", Set.of()))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("no template nosuch; known are llava_v1");
    }
  }

  @Test
  void aGgufFilesTemplateIsRun() throws IOException {
    Path file = new GgufPatch(TEXT).hide("tokenizer.chat_template")
        .put("tokenizer.chat_template", "{% for m in messages %}Q {{ m.content }}{% endfor %} A").write(temp.resolve("t.gguf"));
    Turn turn = new Turn(Turn.Role.USER, List.of(new Turn.Content.Text("a"), new Turn.Content.Image()));
    try (Checkpoint checkpoint = Checkpoint.open(ModelSource.of(file, MMPROJ))) {
      LlavaModel model = LlavaModel.of(checkpoint, null, Set.of());
      assertThat(model.tokenizer().tokenize(model.template().render(List.of(turn))).ids(800))
          .isEqualTo(model.tokenizer().tokenize(model.tokenizer().parse("Q <image>\na A")).ids(800));
    }
    Path none = new GgufPatch(TEXT).hide("tokenizer.chat_template").write(temp.resolve("n.gguf"));
    try (Checkpoint checkpoint = Checkpoint.open(ModelSource.of(none, MMPROJ))) {
      LlavaModel model = LlavaModel.of(checkpoint, null, Set.of());
      assertThat(model.template().name()).isEqualTo("llava_v1");
    }
    Path llama2 = new GgufPatch(TEXT).hide("tokenizer.chat_template").hide("general.name")
        .put("general.name", "Llama-2-7b-chat-hf").write(temp.resolve("l.gguf"));
    try (Checkpoint checkpoint = Checkpoint.open(ModelSource.of(llama2, MMPROJ))) {
      LlavaModel model = LlavaModel.of(checkpoint, null, Set.of());
      assertThat(model.template().name()).isEqualTo("llava_llama_2");
    }
  }

  @Test
  void aStoredHeadCountsWhateverTheFlagSays() throws IOException {
    Path folder = copy("next-vicuna/model");
    edit(folder, "config.json", config -> config.put("tie_word_embeddings", true));
    assertThat(answer(folder, null, "next-vicuna", PHOTO)).isEqualTo(golden("next-vicuna", PHOTO));
    assertThat(answer(folder, null, "next-vicuna", "text_only")).isEqualTo(golden("next-vicuna", "text_only"));
  }

  @Test
  void canvasesOfAnMmprojEndAtTheFirstZero() throws IOException {
    String key = "clip.vision.image_grid_pinpoints";
    int[] pinpoints = Arrays.copyOf(new int[] {28, 56, 56, 28, 56, 56, 84, 28, 28, 84}, 32);
    Path zeros = new GgufPatch(MMPROJ).hide(key).put(key, pinpoints).write(temp.resolve("zeros.gguf"));
    assertThat(answer(TEXT, zeros, "next-vicuna", PHOTO)).isEqualTo(golden("next-vicuna", PHOTO));
    Path odd = new GgufPatch(MMPROJ).hide(key).put(key, 28, 57).write(temp.resolve("odd.gguf"));
    assertRefused(TEXT, odd, "odd.gguf: " + key, "not made of whole tiles of 28");
    Path half = new GgufPatch(MMPROJ).hide(key).put(key, 28, 56, 28).write(temp.resolve("half.gguf"));
    assertRefused(TEXT, half, "half.gguf: " + key, "a width without its height: 28");
  }

  @Test
  void aFileThatIsNotAskedForDoesNotStopTheLoading() throws IOException {
    Path model = Files.copy(TEXT, temp.resolve("model.gguf"));
    Path old = Files.write(temp.resolve("old.gguf"), Arrays.copyOf("GGUF\1\0\0\0".getBytes(StandardCharsets.US_ASCII), 108));
    Files.write(temp.resolve("half.gguf"), Arrays.copyOf(Files.readAllBytes(TEXT), 100));
    assertRefused(model, null, "its vision tower (mmproj) is not in the folder", "old.gguf: GGUF version 1");
    Files.copy(MMPROJ, temp.resolve("mmproj.gguf"));
    assertThat(answer(model, null, "next-vicuna", PHOTO)).isEqualTo(golden("next-vicuna", PHOTO));
    assertThat(answer(temp, null, "next-vicuna", PHOTO)).isEqualTo(golden("next-vicuna", PHOTO));
    Files.delete(model);
    Files.delete(temp.resolve("mmproj.gguf"));
    assertRefused(temp, null, "no model in this folder", "old.gguf: GGUF version 1");
    assertRefused(old, null, "GGUF version 1 is not supported");
  }

  @Test
  void pointersAndOldFormatsAreCalledByTheirNames() throws IOException {
    Path folder = copy("llava15/model");
    Files.delete(folder.resolve("model.safetensors"));
    copy("llava15/model-sharded");
    Path shard = folder.resolve("model-00002-of-00003.safetensors");
    String pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n";
    byte[] whole = Files.readAllBytes(shard);
    Files.writeString(shard, pointer);
    assertRefused(folder, null, "model-00002-of-00003.safetensors: a Git LFS pointer, not the file itself: run git lfs pull");
    Files.writeString(shard, "<!DOCTYPE html><html>");
    assertRefused(folder, null, "model-00002-of-00003.safetensors: a web page in place of the file");
    Files.write(shard, whole);
    Files.writeString(folder.resolve("tokenizer.json"), pointer);
    assertRefused(folder, null, "tokenizer.json: a Git LFS pointer");

    Path old = Files.createDirectory(temp.resolve("old"));
    Files.write(old.resolve("pytorch_model.bin"), HexFormat.of().parseHex("80028a0a6cfc9c46f9206aa850192e"));
    assertRefused(old, null, "pytorch_model.bin is a PyTorch file (.bin, .pt): convert it to safetensors");
    assertRefused(old.resolve("pytorch_model.bin"), null, "a PyTorch file (.bin, .pt): convert it to safetensors");
  }

  @Test
  void shardsOfPaddle() throws IOException {
    Path folder = copy("pdparams/float16");
    PdparamsShards.split(folder.resolve("model_state.pdparams"), folder, "model_state-0000%d-of-00002.pdparams");
    assertThat(answer(folder, null, "next-vicuna", PHOTO)).isEqualTo(golden("next-vicuna", PHOTO));

    Path first = folder.resolve("model_state-00001-of-00002.pdparams");
    Path parallel = Files.move(first, folder.resolve("model_state.tp00.pdparams"));
    edit(folder, "model_state.pdparams.index.json", index -> index.withObject("weight_map").properties().forEach(
        weight -> {
          if (weight.getValue().asText().contains("00001")) {
            weight.setValue(index.textNode("model_state.tp00.pdparams"));
          }
        }));
    assertRefused(folder, null, "model_state.tp00.pdparams: a part for one of several devices (tensor parallel)");
    assertRefused(parallel, null, "tensor parallel");
    Files.delete(folder.resolve("model_state.pdparams.index.json"));
    assertRefused(folder, null, "tensor parallel");
  }

  @Test
  void endTokensNamedElsewhere() throws IOException {
    Path folder = copy("next-vicuna/model");
    Files.delete(folder.resolve("generation_config.json"));
    edit(folder, "config.json", config -> config.withObject("text_config").put("eos_token_id", 572));
    assertThat(answer(folder, null, "next-vicuna", PHOTO)).isEqualTo(List.of(572));
    edit(folder, "config.json", config -> {
      config.withObject("text_config").remove("eos_token_id");
      config.putArray("eos_token_id").add(2).add(572);
    });
    assertThat(answer(folder, null, "next-vicuna", PHOTO)).isEqualTo(List.of(572));
    Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\":[2,572.5]}");
    assertRefused(folder, null, "generation_config.json: eos_token_id is [2,572.5], expected a token's number");
    for (String role : List.of("eot", "eom")) {
      Path file = new GgufPatch(TEXT).put("tokenizer.ggml." + role + "_token_id", 572).write(temp.resolve(role + ".gguf"));
      assertThat(answer(file, MMPROJ, "next-vicuna", PHOTO)).isEqualTo(List.of(572));
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "config.json|/text_config|rope_scaling|{\"type\":\"linear\",\"factor\":2}|rope_scaling",
    "config.json|/text_config|rope_parameters|{\"rope_type\":\"llama3\"}|rope_parameters",
    "config.json|/text_config|rope_parameters|{\"rope_type\":\"default\",\"partial_rotary_factor\":0.5}|partial_rotary_factor",
    "config.json|/text_config|attention_bias|true|attention_bias",
    "config.json|/text_config|mlp_bias|true|mlp_bias",
    "config.json|/text_config|hidden_act|\"gelu\"|hidden_act",
    "config.json|/text_config|alibi|true|alibi",
    "config.json|/text_config|layer_types|[\"full_attention\",\"sliding_attention\"]|layer_types",
    "config.json|/text_config|quantization_config|{}|quantization_config",
    "config.json|/vision_config|num_channels|4|num_channels",
    "config.json||vision_feature_layer|[-2,-3]|vision_feature_layer",
    "config.json||multimodal_projector_bias|false|multimodal_projector_bias",
    "preprocessor_config.json||resample|\"bilinear\"|resample",
    "preprocessor_config.json||rescale_factor|0.00784|rescale_factor",
    "preprocessor_config.json||rescale_factor|\"1/255\"|rescale_factor",
    "preprocessor_config.json||do_resize|false|do_resize",
    "preprocessor_config.json||do_rescale|0|do_rescale",
    "preprocessor_config.json||do_normalize|\"false\"|do_normalize",
    "preprocessor_config.json||size|{\"shortest_edge\":28,\"longest_edge\":30}|size",
    "preprocessor_config.json||crop_size|{\"height\":28,\"width\":14}|crop_size",
    "preprocessor_config.json||image_processor_type|\"LlavaOnevisionImageProcessor\"|image_processor_type",
    "preprocessor_config.json||image_std|[0.5,0,0.5]|image_std",
    "preprocessor_config.json||image_mean|[0.5,0.5]|image_mean",
    "preprocessor_config.json||image_grid_pinpoints|[[28,56]]|image_grid_pinpoints",
    "generation_config.json||suppress_tokens|[3]|suppress_tokens",
    "generation_config.json||forced_eos_token_id|2|forced_eos_token_id",
    "tokenizer_config.json||add_eos_token|true|add_eos_token"
  })
  void whatIsNotDoneIsRefusedByName(String file, String object, String key, String value, String message)
      throws IOException {
    Path folder = copy("next-vicuna/model");
    edit(folder, file, json -> {
      try {
        ((ObjectNode) json.at(object == null ? "" : object)).set(key, JSON.readTree(value));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
    assertRefused(folder, null, message);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "llama.attention.scale|", "llama.rope.scaling.type|yarn", "clip.vision.image_aspect_ratio|other",
    "clip.vision.mm_patch_merge_type|spatial"})
  void whatIsNotDoneIsRefusedInGgufFilesToo(String key, String value) throws IOException {
    boolean vision = key.startsWith("clip");
    GgufPatch patch = new GgufPatch(vision ? MMPROJ : TEXT);
    if (key.endsWith("merge_type")) {
      patch.hide(key);
    }
    Path file = (value == null ? patch.put(key, 2) : patch.put(key, value)).write(temp.resolve("x.gguf"));
    assertRefused(vision ? TEXT : file, vision ? file : MMPROJ, key);
  }

  private static List<Integer> answer(Path model, Path mmproj, String golden, String run) throws IOException {
    JsonNode json = JSON.readTree(GOLDENS.resolve(golden + "/expected/runs/" + run + ".json").toFile());
    List<GenerationRequest.Input> pictures = Stream.of(json.path("images"))
        .flatMap(JsonNode::valueStream)
        .map(name -> name.asText().replaceFirst("\\.\\w+$", ".png"))
        .map(name -> ImageLoader.DEFAULT.load(
            new ImageSource.File(GOLDENS.resolve(golden + "/images/decoded/" + name))))
        .map(picture -> new GenerationRequest.Input(picture, false))
        .toList();
    EngineOptions options = EngineOptions.builder(model).mmproj(mmproj).backend("scalar").threads(1).build();
    try (LlavaEngine engine = LlavaEngine.open(options)) {
      return engine.generate(new GenerationRequest(
          engine.model().tokenizer().parse(json.path("prompt").asText()), pictures, Sampling.GREEDY, 16, List.of(), false))
          .tokenIds();
    }
  }

  private static List<Integer> golden(String golden, String run) throws IOException {
    return JSON.readTree(GOLDENS.resolve(golden + "/expected/runs/" + run + ".json").toFile())
        .path("greedy_ids").valueStream().map(JsonNode::asInt).toList();
  }

  private static List<Integer> ids(String text) {
    return Arrays.stream(text.split(" ")).map(Integer::valueOf).toList();
  }

  private Path copy(String golden) throws IOException {
    try (Stream<Path> files = Files.list(GOLDENS.resolve(golden))) {
      for (Path file : files.toList()) {
        Files.copy(file, temp.resolve(file.getFileName().toString()));
      }
    }
    return temp;
  }

  private static void edit(Path folder, String file, Consumer<ObjectNode> change) throws IOException {
    ObjectNode json = (ObjectNode) JSON.readTree(folder.resolve(file).toFile());
    change.accept(json);
    Files.writeString(folder.resolve(file), json.toString());
  }

  private static void open(Path model, Path mmproj) {
    try (Checkpoint checkpoint = Checkpoint.open(ModelSource.of(model, mmproj))) {
      LlavaModel.of(checkpoint, null, Set.of());
    }
  }

  private static void assertRefused(Path model, Path mmproj, String... messages) {
    assertThatThrownBy(() -> open(model, mmproj))
        .isInstanceOf(CheckpointException.class)
        .satisfies(e -> assertThat(e.getMessage()).contains(messages));
  }
}
