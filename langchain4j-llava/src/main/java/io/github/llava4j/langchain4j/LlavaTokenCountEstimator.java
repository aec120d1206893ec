package io.github.llava4j.langchain4j;

import java.util.List;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.TokenCountEstimator;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.github.llava4j.engine.LlavaEngine;

/**
 * Counts tokens exactly as a model does, the tokens of pictures and of the template included. Get one from the model:
 * it reads the same pictures, at the same level of detail.
 */
public final class LlavaTokenCountEstimator implements TokenCountEstimator {

  private final LlavaEngine engine;
  private final RequestMapper requests;
  private final LlavaChatRequestParameters defaults;

  LlavaTokenCountEstimator(LlavaEngine engine, RequestMapper requests, LlavaChatRequestParameters defaults) {
    this.engine = engine;
    this.requests = requests;
    this.defaults = defaults;
  }

  /** Tokens of a text alone, without any template. */
  @Override
  public int estimateTokenCountInText(String text) {
    return engine.model().tokenizer().encode(text).length;
  }

  /** Input tokens of a request with this message alone; in a conversation it adds a few less. */
  @Override
  public int estimateTokenCountInMessage(ChatMessage message) {
    return estimateTokenCountInMessages(List.of(message));
  }

  /** Input tokens of a request with these messages and nothing else. */
  @Override
  public int estimateTokenCountInMessages(Iterable<ChatMessage> messages) {
    return LlavaExceptionMapper.INSTANCE.withExceptionMapper(
        () -> engine.countTokens(requests.map(messages, LlavaChatRequestParameters.EMPTY).generation()));
  }

  /** Input tokens of a request with all that it says: messages, tools, response format, and the model's defaults for these. */
  public int estimateTokenCount(ChatRequest request) {
    return LlavaExceptionMapper.INSTANCE.withExceptionMapper(() -> engine.countTokens(
        requests.map(request.messages(), defaults.overrideWith(request.parameters())).generation()));
  }
}
