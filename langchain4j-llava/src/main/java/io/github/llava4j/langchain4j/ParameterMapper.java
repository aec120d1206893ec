package io.github.llava4j.langchain4j;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import io.github.llava4j.PromptException;
import io.github.llava4j.constraint.schema.SchemaOptions;
import io.github.llava4j.constraint.schema.Unsupported;
import io.github.llava4j.engine.GenerationRequest;
import io.github.llava4j.engine.Sampling;
import io.github.llava4j.langchain4j.tool.Tool;
import io.github.llava4j.langchain4j.tool.ToolSet;
import org.jspecify.annotations.Nullable;

import static dev.langchain4j.internal.Utils.getOrDefault;

/** Honours or refuses each of LangChain4j's parameters: none is dropped in silence. */
final class ParameterMapper {

  private ParameterMapper() {}

  /**
   * Refuses what the model cannot do.
   *
   * @throws UnsupportedFeatureException for another model's name
   * @throws PromptException if a value is out of its range, or two parameters exclude each other
   */
  static void requireSupported(LlavaChatRequestParameters parameters, String modelName) {
    if (parameters.modelName() != null && !parameters.modelName().equals(modelName)) {
      throw new UnsupportedFeatureException("modelName '" + parameters.modelName()
          + "' is not supported: the model that is loaded is '" + modelName + "'");
    }
    requireFrom(parameters.maxIntegerDigits(), 1, SchemaOptions.DEFAULT.maxIntegerDigits(), "maxIntegerDigits");
    requireFrom(parameters.maxToolCalls(), 1, 1000, "maxToolCalls");
    requireFrom(parameters.toolThought(), 0, 10_000, "toolThought");
    requireFrom(parameters.logprobs(), 0, GenerationRequest.MOST_LOGPROBS, "logprobs");
    ResponseFormat format = parameters.responseFormat();
    if (parameters.grammar() != null && format != null && format.type() == ResponseFormatType.JSON) {
      throw new PromptException("give either a JSON response format or a grammar, not both");
    }
  }

  private static void requireFrom(@Nullable Integer value, int least, int most, String name) {
    if (value != null && (value < least || value > most)) {
      throw new PromptException(name + " must be from " + least + " to " + most + ", not " + value);
    }
  }

  /** How JSON schemas are meant. */
  static SchemaOptions schemaOptions(LlavaChatRequestParameters parameters) {
    return new SchemaOptions(
        switch (getOrDefault(parameters.jsonStyle(), JsonStyle.FLEXIBLE)) {
          case FLEXIBLE -> io.github.llava4j.constraint.schema.JsonStyle.FLEXIBLE;
          case SPACED -> io.github.llava4j.constraint.schema.JsonStyle.SPACED;
          case COMPACT -> io.github.llava4j.constraint.schema.JsonStyle.COMPACT;
        },
        getOrDefault(parameters.allProperties(), SchemaOptions.DEFAULT.allProperties()),
        switch (getOrDefault(parameters.unsupportedKeywords(), UnsupportedKeywords.REFUSE)) {
          case REFUSE -> Unsupported.REFUSE;
          case CHECK -> Unsupported.CHECK;
          case IGNORE -> Unsupported.IGNORE;
        },
        getOrDefault(parameters.maxIntegerDigits(), SchemaOptions.DEFAULT.maxIntegerDigits()));
  }

  /**
   * The tools that the answer may call; null for none.
   *
   * @throws PromptException if one is wrong, or calls are required and there are none
   */
  static @Nullable ToolSet tools(LlavaChatRequestParameters parameters) {
    List<ToolSpecification> specifications = parameters.toolSpecifications();
    boolean required = parameters.toolChoice() == ToolChoice.REQUIRED;
    if (specifications == null || specifications.isEmpty()) {
      if (required) {
        throw new PromptException("toolChoice REQUIRED needs at least one tool");
      }
      return null;
    }
    if (parameters.toolChoice() == ToolChoice.NONE) {
      return null;
    }
    return new ToolSet(
        Tool.of(specifications), required, getOrDefault(parameters.maxToolCalls(), 4), getOrDefault(parameters.toolThought(), 0));
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
