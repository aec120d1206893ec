package io.github.llava4j.checkpoint;

import java.util.List;

import io.github.llava4j.testing.GoldenFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The name tables of llava-spec 6.2 and 6.3. */
class StateDictNamesTest {

  @ParameterizedTest
  @CsvSource({
    "language_model.model.embed_tokens.weight, model.language_model.embed_tokens.weight, model.embed_tokens.weight,"
        + " llama.embed_tokens.weight, llm.embed",
    "language_model.model.layers.12.self_attn.o_proj.weight, model.language_model.layers.12.self_attn.o_proj.weight,"
        + " model.layers.12.self_attn.o_proj.weight, llama.layers.12.self_attn.o_proj.weight, llm.blk.12.o",
    "language_model.model.norm.weight, model.language_model.norm.weight, model.norm.weight, llama.norm.weight,"
        + " llm.norm",
    "language_model.lm_head.weight, lm_head.weight, lm_head.weight, lm_head.weight, llm.head",
    "multi_modal_projector.linear_2.bias, model.multi_modal_projector.linear_2.bias, model.mm_projector.2.bias,"
        + " llama.mm_projector.2.bias, proj.2.b",
    "image_newline, model.image_newline, model.image_newline, llama.image_newline, newline",
    "vision_tower.vision_model.embeddings.class_embedding, model.vision_tower.embeddings.class_embedding,"
        + " model.vision_tower.vision_tower.vision_model.embeddings.class_embedding,"
        + " llama.vision_tower.vision_tower.vision_model.class_embedding, vit.cls",
    "vision_tower.vision_model.pre_layrnorm.weight, model.vision_tower.vision_model.pre_layrnorm.weight,"
        + " model.vision_tower.vision_tower.vision_model.pre_layrnorm.weight,"
        + " llama.vision_tower.vision_tower.vision_model.ln_pre.weight, vit.pre_ln.w",
    "vision_tower.vision_model.encoder.layers.3.mlp.fc2.bias, model.vision_tower.encoder.layers.3.mlp.fc2.bias,"
        + " model.vision_tower.vision_tower.vision_model.encoder.layers.3.mlp.fc2.bias,"
        + " llama.vision_tower.vision_tower.vision_model.transformer.layers.3.linear2.bias, vit.blk.3.fc2.b"
  })
  void knowsTheNamesOfAllFamilies(String old, String recent, String original, String paddle, String canonical) {
    for (String name : new String[] {old, recent, original, paddle}) {
      assertThat(StateDictNames.canonical(name)).as(name).contains(canonical);
    }
  }

  @Test
  void agreesWithTheGoldensAboutPaddle() {
    GoldenFiles.json("pdparams/name_map.json").properties().forEach(field -> {
      String canonical = StateDictNames.canonical(field.getKey()).orElseThrow();
      assertThat(StateDictNames.canonical(field.getValue().get("hf_name").asText())).contains(canonical);
      assertThat(StateDictNames.isLinear(canonical))
          .as(canonical)
          .isEqualTo(field.getValue().get("transposed").asBoolean());
    });
  }

  @Test
  void aProjectorOfOneLayerHasNoNumber() {
    assertThat(StateDictNames.canonical("model.mm_projector.weight")).contains("proj.0.w");
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "model.layers.0.self_attn.rotary_emb.inv_freq", "vision_tower.vision_model.embeddings.position_ids",
    "llama.layers.0.self_attn.rotary_emb.inv_freq"
  })
  void ignores(String name) {
    assertThat(StateDictNames.isIgnorable(name)).isTrue();
    assertThat(StateDictNames.canonical(name)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "", "weight", "model.layers.00.mlp.up_proj.weight", "model.layers.99999999999.mlp.up_proj.weight",
    "model.layers.0.mlp.up_proj.bias", "vision_tower.vision_model.encoder.layers.0.mlp.fc3.weight", "logit_scale",
    "optimizer.norm.weight"
  })
  void knowsNoOthers(String name) {
    assertThat(StateDictNames.canonical(name)).isEmpty();
  }

  @Test
  void listsAFewNamesAndCountsTheRest() {
    assertThat(Names.some(List.of("a", "b"))).isEqualTo("a, b");
    assertThat(Names.some(List.of("a", "b", "c", "d", "e", "f", "g"))).isEqualTo("a, b, c, d, e and 2 more");
  }
}
