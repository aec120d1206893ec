package io.github.llava4j.langchain4j;

import java.util.concurrent.ThreadLocalRandom;

import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.internal.ChatRequestValidationUtils;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import io.github.llava4j.PromptException;
import io.github.llava4j.engine.Sampling;

import static dev.langchain4j.internal.Utils.getOrDefault;

/** Honours or refuses each of LangChain4j's parameters: none is dropped in silence. */
final class ParameterMapper {

  private ParameterMapper() {}

  /**
   * Refuses what the model cannot do.
   *
   * @throws UnsupportedFeatureException for another model's name, tools and JSON formats
   */
  static void requireSupported(ChatRequestParameters parameters, String modelName) {
    if (parameters.modelName() != null && !parameters.modelName().equals(modelName)) {
      throw new UnsupportedFeatureException("modelName '" + parameters.modelName()
          + "' is not supported: the model that is loaded is '" + modelName + "'");
    }
    ChatRequestValidationUtils.validate(parameters.toolChoice());
    ChatRequestValidationUtils.validate(parameters.toolSpecifications());
    ChatRequestValidationUtils.validate(parameters.responseFormat());
  }

  /**
   * How to choose tokens: greedily unless a temperature is set. Who sets only {@code topK}, {@code topP} or
   * {@code minP} wants tokens to be drawn: then the temperature is 1, the model's own probabilities.
   *
   * @throws PromptException if a value is out of its range
   */
  static Sampling sampling(LlavaChatRequestParameters parameters) {
    int topK = getOrDefault(parameters.topK(), Sampling.GREEDY.topK());
    double topP = getOrDefault(parameters.topP(), Sampling.GREEDY.topP());
    double minP = getOrDefault(parameters.minP(), Sampling.GREEDY.minP());
    boolean drawn =
        topK != Sampling.GREEDY.topK() || topP != Sampling.GREEDY.topP() || minP != Sampling.GREEDY.minP();
    return new Sampling(
        getOrDefault(parameters.temperature(), drawn ? 1.0 : Sampling.GREEDY.temperature()),
        topK,
        topP,
        minP,
        getOrDefault(parameters.repetitionPenalty(), Sampling.GREEDY.repetitionPenalty()),
        getOrDefault(parameters.frequencyPenalty(), Sampling.GREEDY.frequencyPenalty()),
        getOrDefault(parameters.presencePenalty(), Sampling.GREEDY.presencePenalty()),
        getOrDefault(parameters.seed(), () -> ThreadLocalRandom.current().nextLong()));
  }

  /**
   * Most tokens to generate: unless set, as many as the context still takes.
   *
   * @throws PromptException if there are none
   */
  static int maxTokens(ChatRequestParameters parameters) {
    int most = getOrDefault(parameters.maxOutputTokens(), Integer.MAX_VALUE);
    if (most < 1) {
      throw new PromptException("maxOutputTokens must be at least 1, not " + most);
    }
    return most;
  }
}
