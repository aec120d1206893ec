package io.github.llava4j.engine;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

import io.github.llava4j.PromptException;
import io.github.llava4j.constraint.Constraint;
import io.github.llava4j.image.ImageInput;
import io.github.llava4j.text.PromptPart;
import org.jspecify.annotations.Nullable;

/**
 * What to answer.
 *
 * @param prompt rendered by a template, generation prompt included
 * @param pictures one for each {@link PromptPart.Image}, in order
 * @param maxTokens most tokens to generate
 * @param stop strings that end the answer and are not part of it
 * @param traced whether the result carries a {@link Trace}; the engine must be opened for it
 * @param timeout how long it may take, waiting included; null for the engine's
 * @param salt whose caches it may use: requests with another salt share no computed prompts and pictures with it, so that
 *     nobody can find out by the time that an answer takes what somebody else asked. Empty or null for none
 * @param constraint what the answer must follow; null for nothing
 * @param logprobs how many of the likeliest tokens the result lists beside each generated one, with their probabilities; 0
 *     for the generated one alone, -1 for no probabilities at all
 */
public record GenerationRequest(
    List<PromptPart> prompt,
    List<Input> pictures,
    Sampling sampling,
    int maxTokens,
    List<String> stop,
    boolean traced,
    @Nullable Duration timeout,
    @Nullable String salt,
    @Nullable Constraint constraint,
    int logprobs) {

  /** Most of the likeliest tokens that a result lists. */
  public static final int MOST_LOGPROBS = 20;

  /** A picture and whether only its overview tile is looked at. */
  public record Input(ImageInput picture, boolean overviewOnly) {

    public Input {
      Objects.requireNonNull(picture, "picture");
    }
  }

  public GenerationRequest {
    prompt = List.copyOf(prompt);
    pictures = List.copyOf(pictures);
    stop = List.copyOf(stop);
    salt = salt == null ? "" : salt;
    Objects.requireNonNull(sampling, "sampling");
    if (maxTokens < 1) {
      throw new PromptException("maxTokens must be at least 1, not " + maxTokens);
    }
    if (timeout != null && !timeout.isPositive()) {
      throw new PromptException("timeout must be longer than nothing, not " + timeout);
    }
    if (logprobs < -1 || logprobs > MOST_LOGPROBS) {
      throw new PromptException("logprobs must be from -1 (none) to " + MOST_LOGPROBS + ", not " + logprobs);
    }
    if (stop.stream().anyMatch(String::isEmpty)) {
      throw new PromptException("a stop string must not be empty");
    }
    long marks = prompt.stream().filter(PromptPart.Image.class::isInstance).count();
    if (marks != pictures.size()) {
      throw new PromptException("the prompt has " + marks + " image marks for " + pictures.size() + " pictures");
    }
  }

  /** Empty for none. */
  @Override
  public String salt() {
    return salt == null ? "" : salt;
  }

  /** A request with the engine's timeout, without a salt, a constraint and probabilities. */
  public GenerationRequest(
      List<PromptPart> prompt, List<Input> pictures, Sampling sampling, int maxTokens, List<String> stop, boolean traced) {
    this(prompt, pictures, sampling, maxTokens, stop, traced, null, "", null, -1);
  }
}
