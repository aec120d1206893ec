package io.github.llava4j.langchain4j;

import java.util.List;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.TokenCountEstimator;
import io.github.llava4j.engine.LlavaEngine;

/**
 * Counts tokens exactly as a model does, the tokens of pictures and of the template included. Get one from the model:
 * it reads the same pictures, at the same level of detail.
 */
public final class LlavaTokenCountEstimator implements TokenCountEstimator {

  private final LlavaEngine engine;
  private final RequestMapper requests;

  LlavaTokenCountEstimator(LlavaEngine engine, RequestMapper requests) {
    this.engine = engine;
    this.requests = requests;
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

  /** Input tokens of a request with these messages. */
  @Override
  public int estimateTokenCountInMessages(Iterable<ChatMessage> messages) {
    return LlavaExceptionMapper.INSTANCE.withExceptionMapper(
        () -> engine.countTokens(requests.map(messages, LlavaChatRequestParameters.EMPTY)));
  }
}
