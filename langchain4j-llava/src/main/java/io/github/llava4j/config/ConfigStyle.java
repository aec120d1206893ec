package io.github.llava4j.config;

/** Who wrote the configuration; this decides defaults that no file states. */
public enum ConfigStyle {
  /** Hugging Face transformers: nested {@code text_config} and {@code vision_config}. */
  HUGGING_FACE,
  /** The original LLaVA repository and PaddleMIX: flat, with {@code mm_*} keys. */
  ORIGINAL,
  /** The metadata of a GGUF file. */
  GGUF
}
