package io.github.llava4j.langchain4j;

import java.util.List;
import java.util.UUID;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import io.github.llava4j.engine.GenerationResult;
import io.github.llava4j.engine.TokenLogprob;
import io.github.llava4j.langchain4j.AnswerAssembler.Decision;
import io.github.llava4j.model.LlavaModel;
import io.github.llava4j.text.Detokenizer;
import org.jspecify.annotations.Nullable;

/** Says an engine's answer in LangChain4j's words. */
record ResponseMapper(LlavaModel model) {

  /**
   * The answer.
   *
   * @param logprobs whether probabilities were asked for
   * @param decision the part of the answer that decided about tools; null if there was nothing to decide
   */
  ChatResponse map(
      GenerationResult result, AiMessage message, FinishReason reason, boolean logprobs, @Nullable Decision decision) {
    return ChatResponse.builder()
        .aiMessage(message)
        .metadata(LlavaChatResponseMetadata.builder()
            .id(UUID.randomUUID().toString())
            .modelName(model.name())
            .tokenUsage(usage(result))
            .finishReason(reason)
            .imageTokenCount(result.imageTokens())
            .cachedTokenCount(result.cachedTokens())
            .timings(result.timings())
            .logprobs(logprobs ? result.logprobs() : List.of())
            .toolDecisionProbability(probability(result, decision))
            .build())
        .build();
  }

  /** How likely the tokens of the decision were among those that were allowed. */
  private @Nullable Double probability(GenerationResult result, @Nullable Decision decision) {
    List<TokenLogprob> tokens = result.logprobs();
    if (decision == null || !decision.isMade() || tokens.isEmpty()) {
      return null;
    }
    Detokenizer detokenizer = model.detokenizer();
    double sum = 0;
    int length = 0;
    for (int i = 0; i < tokens.size() && length < decision.to(); i++) {
      if (length >= decision.from()) {
        sum += tokens.get(i).constrained();
      }
      length += detokenizer.append(tokens.get(i).token()).length();
    }
    return Math.exp(sum);
  }

  static TokenUsage usage(GenerationResult result) {
    return new TokenUsage(result.promptTokens(), result.outputTokens());
  }

  static FinishReason finishReason(GenerationResult result) {
    return switch (result.finishReason()) {
      case STOP -> FinishReason.STOP;
      case LENGTH -> FinishReason.LENGTH;
      case CANCELLED -> FinishReason.OTHER;
    };
  }
}
