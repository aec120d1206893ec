package io.github.llava4j.langchain4j;

import java.util.UUID;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import io.github.llava4j.engine.GenerationResult;

/** Says an engine's answer in LangChain4j's words. */
final class ResponseMapper {

  private ResponseMapper() {}

  static ChatResponse map(GenerationResult result, String modelName) {
    return ChatResponse.builder()
        .aiMessage(AiMessage.from(result.text()))
        .metadata(LlavaChatResponseMetadata.builder()
            .id(UUID.randomUUID().toString())
            .modelName(modelName)
            .tokenUsage(usage(result))
            .finishReason(finishReason(result))
            .imageTokenCount(result.imageTokens())
            .cachedTokenCount(result.cachedTokens())
            .timings(result.timings())
            .build())
        .build();
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
