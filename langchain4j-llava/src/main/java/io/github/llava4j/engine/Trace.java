package io.github.llava4j.engine;

import java.util.List;

import io.github.llava4j.image.Tiles;

/**
 * The numbers between the stages of one request, for comparison with a reference.
 *
 * @param images one per picture, in order
 * @param inputIds the prompt, with the image token's id at picture positions
 * @param hiddenStates [layers + 1, hidden] at the last prompt position: the input embedding, then each block's result
 * @param logits [vocabulary] at the last prompt position
 */
public record Trace(List<Image> images, int[] inputIds, float[] hiddenStates, float[] logits) {

  /**
   * A picture's stages.
   *
   * @param tiles with the pixel values
   * @param features [tiles, patches, vision hidden] of the vision tower
   * @param projected [tiles, patches, hidden] of the projector
   * @param merged [image tokens, hidden] as the decoder sees them
   */
  public record Image(Tiles tiles, float[] features, float[] projected, float[] merged) {}
}
