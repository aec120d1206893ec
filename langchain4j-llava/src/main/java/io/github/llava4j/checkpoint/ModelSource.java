package io.github.llava4j.checkpoint;

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/** Where a model comes from. */
public sealed interface ModelSource {

  /** How people say {@link Embedded} where they are asked for a path. A folder of this name is given as {@code ./mini}. */
  String MINI = "mini";

  /** llava-mini, the model that ships with llava4j; see {@link EmbeddedModel}. */
  record Embedded() implements ModelSource {}

  /**
   * Files.
   *
   * @param model a folder (safetensors, PaddlePaddle, or one GGUF language model with its mmproj) or a file of weights
   * @param mmproj where vision tower and projector are if not with the model: a GGUF file, or the folder or file of another
   *     checkpoint; may be null. Without it a GGUF language model takes the one mmproj file in its folder.
   */
  record Files(Path model, @Nullable Path mmproj) implements ModelSource {}

  /** What a path given by a person means: {@link #MINI}, or files. */
  static ModelSource of(Path model, @Nullable Path mmproj) {
    return mmproj == null && model.equals(Path.of(MINI)) ? new Embedded() : new Files(model, mmproj);
  }
}
