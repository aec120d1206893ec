package io.github.llava4j.variant;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.llava4j.CheckpointException;
import io.github.llava4j.checkpoint.Checkpoint;
import io.github.llava4j.checkpoint.GgufMetadata;
import io.github.llava4j.text.Vocabulary;

/** The tokens that a checkpoint's files name as the end of an answer. */
final class EndTokens {

  private static final String KEY = "eos_token_id";
  /** Tokens that llama.cpp takes for the end of an answer by what they read, besides those that have a key. */
  private static final List<String> GGUF_TEXTS = List.of(
      "<|eot_id|>", "<|im_end|>", "<|end|>", "<end_of_turn>", "<|endoftext|>", "<|eom_id|>", "<EOT>", "<|end_of_text|>");

  private EndTokens() {}

  /**
   * As transformers has it: {@code generation_config.json} if there is one, else what {@code config.json} says, for the
   * language model first. As llama.cpp has it: eos, eot and eom.
   */
  static Set<Integer> of(Checkpoint checkpoint, Vocabulary vocabulary) {
    Set<Integer> ends = new HashSet<>();
    checkpoint.languageMetadata().ifPresentOrElse(
        metadata -> gguf(metadata, vocabulary, ends),
        () -> {
          Optional<JsonNode> generation = checkpoint.json("generation_config.json");
          generation.ifPresent(EndTokens::refuseForced);
          if (generation.isPresent()) {
            add("generation_config.json", generation.get().path(KEY), ends);
          } else {
            checkpoint.json("config.json").ifPresent(config -> {
              add("config.json", config.path("text_config").path(KEY), ends);
              add("config.json", config.path(KEY), ends);
            });
          }
        });
    return ends;
  }

  /** What changes every answer and is not done here; sampling is the request's business. */
  private static void refuseForced(JsonNode generation) {
    for (String key : List.of(
        "suppress_tokens", "begin_suppress_tokens", "bad_words_ids", "forced_bos_token_id", "forced_eos_token_id",
        "sequence_bias", "stop_strings")) {
      JsonNode value = generation.path(key);
      if (value.isValueNode() && !value.isNull() || value.size() > 0) {
        throw new CheckpointException("generation_config.json: " + key + " " + value + " is not supported");
      }
    }
  }

  private static void gguf(GgufMetadata metadata, Vocabulary vocabulary, Set<Integer> ends) {
    for (String role : List.of("eos", "eot", "eom")) {
      metadata.integer("tokenizer.ggml." + role + "_token_id").ifPresent(id -> ends.add((int) id));
    }
    GGUF_TEXTS.forEach(text -> vocabulary.special(text).ifPresent(ends::add));
  }

  private static void add(String file, JsonNode ids, Set<Integer> ends) {
    if (ids.isMissingNode() || ids.isNull()) {
      return;
    }
    for (JsonNode id : ids.isArray() ? ids : List.of(ids)) {
      if (!id.isInt()) {
        throw new CheckpointException(file + ": " + KEY + " is " + ids + ", expected a token's number or a list of them");
      }
      ends.add(id.intValue());
    }
  }
}
