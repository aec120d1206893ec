package io.github.llava4j.checkpoint;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * llava-mini, the small model that ships with llava4j: an artifact of its own ({@code langchain4j-llava}, classifier
 * {@code mini}), so that a program with a model of its own does not carry it.
 */
public final class EmbeddedModel {

  /** Stands for it wherever the path of a model is asked for. A folder of this name is given as {@code ./mini}. */
  public static final Path PATH = Path.of("mini");

  static final String NAME = "llava-mini";
  static final List<String> FILES = List.of(
      "config.json", "generation_config.json", "preprocessor_config.json", "processor_config.json", "chat_template.json",
      "tokenizer.model", "tokenizer.json", "tokenizer_config.json", "added_tokens.json", "special_tokens_map.json",
      "model.safetensors");

  private EmbeddedModel() {}

  /** One of {@link #FILES}, or null where the artifact is not on the class path. */
  static InputStream open(String file) {
    return EmbeddedModel.class.getResourceAsStream("/io/github/llava4j/" + NAME + "/" + file);
  }
}
