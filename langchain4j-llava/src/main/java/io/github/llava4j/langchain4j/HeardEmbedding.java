package io.github.llava4j.langchain4j;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import dev.langchain4j.data.message.ContentType;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.listener.EmbeddingModelErrorContext;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.listener.EmbeddingModelRequestContext;
import dev.langchain4j.model.embedding.listener.EmbeddingModelResponseContext;
import dev.langchain4j.model.embedding.request.EmbeddingParameter;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.output.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners of a model's requests, as LangChain4j does for texts: there each input becomes a text segment for the
 * listeners, which cannot be blank, so an input that is a picture alone fails. Here the text segments are none.
 */
final class HeardEmbedding implements EmbeddingModel {

  private static final Logger LOG = LoggerFactory.getLogger(HeardEmbedding.class);

  private final EmbeddingModel model;
  private final List<EmbeddingModelListener> heardBy;

  HeardEmbedding(EmbeddingModel model, List<EmbeddingModelListener> heardBy) {
    this.model = model;
    this.heardBy = heardBy;
  }

  @Override
  public EmbeddingResponse doEmbed(EmbeddingRequest request) {
    Map<Object, Object> attributes = new ConcurrentHashMap<>();
    var asked = EmbeddingModelRequestContext.builder()
        .textSegments(List.of()).embeddingRequest(request).embeddingModel(model).attributes(attributes).build();
    tell(listener -> listener.onRequest(asked));
    try {
      EmbeddingResponse response = model.doEmbed(request);
      var answered = EmbeddingModelResponseContext.builder()
          .textSegments(List.of()).embeddingRequest(request).embeddingModel(model).attributes(attributes)
          .embeddingResponse(response).response(Response.from(response.embeddings(), response.metadata().tokenUsage()))
          .build();
      tell(listener -> listener.onResponse(answered));
      return response;
    } catch (RuntimeException e) {
      var failed = EmbeddingModelErrorContext.builder()
          .textSegments(List.of()).embeddingRequest(request).embeddingModel(model).attributes(attributes).error(e).build();
      tell(listener -> listener.onError(failed));
      throw e;
    }
  }

  /** What a listener throws is its own affair. */
  private void tell(Consumer<EmbeddingModelListener> event) {
    for (EmbeddingModelListener listener : heardBy) {
      try {
        event.accept(listener);
      } catch (RuntimeException e) {
        LOG.warn("A listener of the embedding model failed, which is ignored", e);
      }
    }
  }

  @Override
  public Set<EmbeddingParameter<?>> supportedParameters() {
    return model.supportedParameters();
  }

  @Override
  public Set<ContentType> supportedContentTypes() {
    return model.supportedContentTypes();
  }
}
