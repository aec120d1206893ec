package io.github.llava4j.langchain4j;

import java.util.List;

import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.common.AbstractEmbeddingModelIT;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * LangChain4j's contract for embedding models. It embeds texts nearly everywhere; those tests say here that texts are
 * refused, and {@link LlavaEmbeddingModelTest} asks the same of pictures.
 */
class LlavaEmbeddingModelContractTest extends AbstractEmbeddingModelIT {

  @Override
  protected List<EmbeddingModel> models() {
    return List.of(LlavaEmbeddingModel.builder().engine(Goldens.engine(Goldens.VICUNA)).build());
  }

  @Override
  protected EmbeddingModel modelWith(EmbeddingModelListener listener) {
    return LlavaEmbeddingModel.builder().engine(Goldens.engine(Goldens.VICUNA)).listeners(List.of(listener)).build();
  }

  @Override
  protected boolean supportsInputTypeParameter() {
    return false;
  }

  @Override
  protected boolean supportsDimensionsParameter() {
    return false;
  }

  @Override
  protected boolean supportsInterleavedInput() {
    return false;
  }

  @Override
  protected ImageContent catImage() {
    return PictureFixtures.content(64, 48);
  }

  private static void refused(Runnable embedding) {
    assertThatThrownBy(embedding::run).isExactlyInstanceOf(UnsupportedFeatureException.class).hasMessageContaining("TEXT");
  }

  @Override
  @ParameterizedTest
  @MethodSource("models")
  protected void should_embed_single_input(EmbeddingModel model) {
    refused(() -> model.embed(EmbeddingRequest.builder().input("hello world").build()));
  }

  @Override
  @ParameterizedTest
  @MethodSource("models")
  protected void should_embed_batch_of_inputs_in_order(EmbeddingModel model) {
    refused(() -> model.embed(EmbeddingRequest.builder().inputs("the sky is blue", "grass is green").build()));
  }

  @Override
  @ParameterizedTest
  @MethodSource("models")
  protected void should_embed_via_convenience_string(EmbeddingModel model) {
    refused(() -> model.embed("hello world"));
  }

  @Override
  @ParameterizedTest
  @MethodSource("models")
  protected void should_embed_via_convenience_text_segment(EmbeddingModel model) {
    refused(() -> model.embed(TextSegment.from("hello world")));
  }

  @Override
  @ParameterizedTest
  @MethodSource("models")
  protected void should_embed_all_text_segments(EmbeddingModel model) {
    refused(() -> model.embedAll(List.of(TextSegment.from("first"), TextSegment.from("second"))));
  }

  @Override
  @Test
  @Disabled("embeds a text; LlavaEmbeddingModelTest.tellsListeners embeds a picture")
  protected void should_notify_listener_on_request_and_response() {
    throw new AssertionError("not run");
  }
}
