package io.github.llava4j.text;

import java.io.IOException;
import java.nio.file.Path;

import io.github.llava4j.checkpoint.GgufHeads;
import io.github.llava4j.checkpoint.GgufMetadata;

/** The vocabulary in a GGUF file that holds nothing else, such as llama.cpp's ggml-vocab-llama-spm.gguf. */
public final class LlamaVocabulary {

  private LlamaVocabulary() {}

  public static Vocabulary read(Path file) throws IOException {
    GgufMetadata metadata = GgufHeads.read(file);
    String prefix = "tokenizer.ggml.";
    return new GgufTokenizer(
        metadata.string(prefix + "model").orElseThrow(),
        metadata.strings(prefix + "tokens").orElseThrow(),
        metadata.floats(prefix + "scores").orElseThrow(),
        metadata.integers(prefix + "token_type").orElseThrow(),
        (int) metadata.integer(prefix + "bos_token_id").orElseThrow(),
        (int) metadata.integer(prefix + "eos_token_id").orElseThrow(),
        (int) metadata.integer(prefix + "unknown_token_id").orElseThrow(),
        metadata.bool(prefix + "add_bos_token").orElseThrow(),
        null).vocabulary(file.toString());
  }
}
