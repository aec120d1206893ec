package io.github.llava4j.variant;

import io.github.llava4j.CheckpointException;
import io.github.llava4j.checkpoint.Checkpoint;
import io.github.llava4j.checkpoint.GgufMetadata;
import io.github.llava4j.text.GgufTokenizer;
import io.github.llava4j.text.TokenizerFiles;
import io.github.llava4j.text.Vocabulary;
import org.jspecify.annotations.Nullable;

/** Reads the tokenizer that goes with a language model, from its folder or from its GGUF file. */
final class Vocabularies {

  private Vocabularies() {}

  static Vocabulary of(Checkpoint checkpoint) {
    return checkpoint.languageMetadata()
        .map(metadata -> ofGguf(checkpoint.name(), metadata))
        .orElseGet(() -> TokenizerFiles.read(checkpoint.name(), checkpoint::bytes, checkpoint::json));
  }

  private static Vocabulary ofGguf(String file, GgufMetadata metadata) {
    String prefix = "tokenizer.ggml.";
    if (metadata.bool(prefix + "add_eos_token").orElse(false)) {
      throw new CheckpointException(
          file + ": " + prefix + "add_eos_token is true: prompts that end in an end token are not supported");
    }
    return new GgufTokenizer(
        metadata.string(prefix + "model").orElseThrow(() -> missing(file, prefix + "model")),
        metadata.strings(prefix + "tokens").orElseThrow(() -> missing(file, prefix + "tokens")),
        metadata.floats(prefix + "scores").orElseThrow(() -> missing(file, prefix + "scores")),
        metadata.integers(prefix + "token_type").orElseThrow(() -> missing(file, prefix + "token_type")),
        integer(metadata, prefix + "bos_token_id"),
        integer(metadata, prefix + "eos_token_id"),
        integer(metadata, prefix + "unknown_token_id"),
        metadata.bool(prefix + "add_bos_token").orElse(null),
        metadata.bool(prefix + "add_space_prefix").orElse(null))
        .vocabulary(file);
  }

  private static @Nullable Integer integer(GgufMetadata metadata, String key) {
    return metadata.integer(key).isPresent() ? Integer.valueOf((int) metadata.integer(key).getAsLong()) : null;
  }

  private static CheckpointException missing(String file, String key) {
    return new CheckpointException(file + ": the tokenizer's " + key + " is missing");
  }
}
