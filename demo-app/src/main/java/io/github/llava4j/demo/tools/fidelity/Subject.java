package io.github.llava4j.demo.tools.fidelity;

import java.nio.file.Path;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * One checkpoint and what a reference says about it.
 *
 * @param name its case
 * @param container its format, for the table
 * @param mmproj the vision part of a GGUF model, else null
 * @param weights by llama.cpp's tensor names some dequantised values; null where there is no such reference
 */
record Subject(String name, String container, Path model, @Nullable Path mmproj, @Nullable JsonNode weights, List<Run> runs) {

  /**
   * One prompt and its answer.
   *
   * @param prompt whole, with marks for the pictures
   * @param pictures as the reference saw them: decoded, so that JPEG decoders stay out of the comparison
   * @param images one for each picture
   * @param inputIds with the image token repeated
   * @param hiddenStates [layers + 1, hidden] file, or null where the reference has none for these weights
   * @param logits [vocabulary] file
   */
  record Run(
      String id,
      String prompt,
      List<Path> pictures,
      List<Image> images,
      int[] inputIds,
      @Nullable Path hiddenStates,
      Path logits,
      List<Integer> greedyIds) {}

  /**
   * A picture's arrays; null where the reference has none for these weights.
   *
   * @param vision class token first
   */
  record Image(Path pixels, @Nullable Path vision, @Nullable Path projected, @Nullable Path merged) {}
}
