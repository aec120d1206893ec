package io.github.llava4j.engine;

import java.util.List;

import io.github.llava4j.PromptException;
import io.github.llava4j.image.Picture;
import io.github.llava4j.text.PromptPart;

/**
 * What to answer.
 *
 * @param prompt rendered by a template, generation prompt included
 * @param pictures one for each {@link PromptPart.Image}, in order
 * @param maxTokens most tokens to generate
 * @param stop strings that end the answer and are not part of it
 * @param traced whether the result carries a {@link Trace}; the engine must be opened for it
 */
public record GenerationRequest(
    List<PromptPart> prompt, List<Input> pictures, Sampling sampling, int maxTokens, List<String> stop, boolean traced) {

  /** A picture and whether only its overview tile is looked at. */
  public record Input(Picture picture, boolean overviewOnly) {}

  public GenerationRequest {
    prompt = List.copyOf(prompt);
    pictures = List.copyOf(pictures);
    stop = List.copyOf(stop);
    if (maxTokens < 1) {
      throw new PromptException("maxTokens must be at least 1, not " + maxTokens);
    }
    if (stop.stream().anyMatch(String::isEmpty)) {
      throw new PromptException("a stop string must not be empty");
    }
    long marks = prompt.stream().filter(PromptPart.Image.class::isInstance).count();
    if (marks != pictures.size()) {
      throw new PromptException("the prompt has " + marks + " image marks for " + pictures.size() + " pictures");
    }
  }
}
