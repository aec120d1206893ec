package io.github.llava4j.langchain4j;

import java.util.List;
import java.util.Set;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import io.github.llava4j.engine.LlavaEngine;

/** What the blocking and the streaming model have in common: everything but how an answer is handed over. */
abstract class LlavaBaseChatModel implements AutoCloseable {

  private final LlavaEngine engine;
  private final boolean owned;
  private final RequestMapper requests;
  private final LlavaChatRequestParameters defaults;
  private final List<ChatModelListener> listeners;

  LlavaBaseChatModel(LlavaModelBuilder<?> builder) {
    this.engine = builder.openEngine();
    this.owned = builder.ownsEngine();
    try {
      this.requests = new RequestMapper(engine.model(), builder.messageMapper(engine));
      this.defaults = builder.parameters(engine.model().name());
    } catch (RuntimeException e) {
      close();
      throw LlavaExceptionMapper.INSTANCE.mapException(e);
    }
    this.listeners = builder.listeners();
  }

  LlavaEngine engine() {
    return engine;
  }

  RequestMapper requests() {
    return requests;
  }

  String modelName() {
    return engine.model().name();
  }

  /** The parameters of requests that do not say otherwise. */
  public LlavaChatRequestParameters defaultRequestParameters() {
    return defaults;
  }

  /** Who hears of requests and answers. */
  public List<ChatModelListener> listeners() {
    return listeners;
  }

  /** {@link ModelProvider#OTHER}: LangChain4j's list of providers has no place for LLaVA. */
  public ModelProvider provider() {
    return ModelProvider.OTHER;
  }

  /** None: LLaVA does not keep to JSON schemas. */
  public Set<Capability> supportedCapabilities() {
    return Set.of();
  }

  /** Counts tokens as this model does, those of pictures included. */
  public LlavaTokenCountEstimator tokenCountEstimator() {
    return new LlavaTokenCountEstimator(engine, requests);
  }

  /** Closes the engine if this model opened it. */
  @Override
  public void close() {
    if (owned) {
      engine.close();
    }
  }
}
