package io.github.llava4j.langchain4j;

import java.util.List;
import java.util.Set;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.github.llava4j.engine.Generation;
import io.github.llava4j.engine.LlavaEngine;

/** What the blocking and the streaming model have in common: everything but how an answer is handed over. */
abstract class LlavaBaseChatModel implements AutoCloseable {

  private final LlavaEngine engine;
  private final boolean owned;
  private final RequestMapper requests;
  private final ResponseMapper responses;
  private final RequestLog log;
  private final LlavaChatRequestParameters defaults;
  private final List<ChatModelListener> listeners;

  LlavaBaseChatModel(LlavaModelBuilder<?> builder) {
    this.engine = builder.openEngine();
    this.owned = builder.ownsEngine();
    try {
      this.requests = new RequestMapper(
          engine.model(), builder.messageMapper(engine), builder.imageOrder(), new AnswerConstraints(engine::tokenTable));
      this.responses = new ResponseMapper(engine.model());
      this.defaults = builder.parameters(engine.model().name());
    } catch (RuntimeException e) {
      close();
      throw LlavaExceptionMapper.INSTANCE.mapException(e);
    }
    this.listeners = builder.listeners();
    this.log = builder.log();
  }

  LlavaEngine engine() {
    return engine;
  }

  RequestMapper requests() {
    return requests;
  }

  RequestLog log() {
    return log;
  }

  /**
   * What answers {@code request}; nothing is computed yet.
   *
   * @throws dev.langchain4j.exception.UnsupportedFeatureException if the request asks for what the model cannot do
   * @throws io.github.llava4j.LlavaException if the request is wrong
   */
  EngineRequest prepare(ChatRequest request) {
    log.request(request);
    return requests.map(request);
  }

  /** Starts answering. */
  Generation submit(EngineRequest request, AnswerSink sink) {
    AnswerAssembler assembler = new AnswerAssembler(request, log.logging(sink), responses);
    Generation generation = engine.submit(request.generation(), assembler);
    assembler.started(generation);
    return generation;
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

  /** JSON schemas: answers are held to them. */
  public Set<Capability> supportedCapabilities() {
    return Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
  }

  /** Counts tokens as this model does, those of pictures included. */
  public LlavaTokenCountEstimator tokenCountEstimator() {
    return new LlavaTokenCountEstimator(engine, requests, defaults);
  }

  /** Closes the engine if this model opened it. */
  @Override
  public void close() {
    if (owned) {
      engine.close();
    }
  }
}
