package io.github.llava4j.checkpoint;

import java.util.Map;

import io.github.llava4j.config.ConfigStyle;
import io.github.llava4j.config.LlavaConfig;

/** One opened container: its tensors under our names, and what it says about the model. */
sealed interface Source permits StateDictSource, GgufSource {

  Container container();

  /** The small files beside the weights; none beside GGUF weights, where they belong to something else. */
  Documents documents();

  ConfigStyle style();

  Map<String, StoredTensor> tensors();

  /** Whether the output layer is the embedding table. */
  boolean tiedHead();

  LlavaConfig.Decoder decoder();

  LlavaConfig.Vision vision();

  LlavaConfig.Projector projector();
}
