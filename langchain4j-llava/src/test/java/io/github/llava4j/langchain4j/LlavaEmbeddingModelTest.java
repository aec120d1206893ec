package io.github.llava4j.langchain4j;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.embedding.listener.EmbeddingModelErrorContext;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.listener.EmbeddingModelRequestContext;
import dev.langchain4j.model.embedding.listener.EmbeddingModelResponseContext;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.store.embedding.CosineSimilarity;
import io.github.llava4j.engine.LlavaEngine;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

/** What LangChain4j's contract suite asks of texts, asked of pictures, and what it does not ask. */
class LlavaEmbeddingModelTest {

  private static final LlavaEngine ENGINE = Goldens.engine(Goldens.VICUNA);
  private static final LlavaEmbeddingModel MODEL = LlavaEmbeddingModel.builder().engine(ENGINE).build();

  private static ImageContent tiny() {
    return Goldens.image(Goldens.VICUNA, "tiny_5x4.png");
  }

  private static ImageContent other() {
    return PictureFixtures.content(40, 30);
  }

  private static final class Recorder implements EmbeddingModelListener {

    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger responses = new AtomicInteger();
    private final AtomicInteger errors = new AtomicInteger();

    @Override
    public void onRequest(EmbeddingModelRequestContext context) {
      requests.incrementAndGet();
    }

    @Override
    public void onResponse(EmbeddingModelResponseContext context) {
      responses.incrementAndGet();
    }

    @Override
    public void onError(EmbeddingModelErrorContext context) {
      errors.incrementAndGet();
    }
  }

  @Test
  void embedsPicturesInOrder() {
    EmbeddingResponse response =
        MODEL.embed(EmbeddingRequest.builder().input(tiny()).input(other()).input(tiny()).build());
    List<Embedding> embeddings = response.embeddings();
    assertThat(embeddings).hasSize(3).allSatisfy(embedding -> {
      assertThat(embedding.dimension()).isEqualTo(MODEL.dimension()).isEqualTo(64);
      double length = 0;
      for (float value : embedding.vector()) {
        length += value * value;
      }
      assertThat(length).isCloseTo(1, within(1e-5));
    });
    assertThat(embeddings.get(0)).isEqualTo(embeddings.get(2)).isNotEqualTo(embeddings.get(1));
    assertThat(CosineSimilarity.between(embeddings.get(0), embeddings.get(1))).isLessThan(0.9999);
    assertThat(response.metadata().modelName()).isEqualTo(MODEL.modelName()).isEqualTo("model");
    assertThat(response.metadata().tokenUsage().inputTokenCount()).isPositive();
    assertThat(MODEL.embed(tiny().image()).content()).isEqualTo(embeddings.getFirst());
  }

  @Test
  void refusesTexts() {
    assertThatThrownBy(() -> MODEL.embed("hello")).isExactlyInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("TEXT").hasMessageContaining("IMAGE");
    assertThatThrownBy(() -> MODEL.embedAll(List.of(TextSegment.from("a"), TextSegment.from("b"))))
        .isExactlyInstanceOf(UnsupportedFeatureException.class);
    assertThatThrownBy(() -> MODEL.embed(EmbeddingRequest.builder().input(TextContent.from("a"), tiny()).build()))
        .isExactlyInstanceOf(UnsupportedFeatureException.class).hasMessageContaining("TEXT");
  }

  @Test
  void refusesWhatItDoesNotHonour() {
    assertThatThrownBy(() -> MODEL.embed(EmbeddingRequest.builder().input(tiny(), other()).build()))
        .isExactlyInstanceOf(UnsupportedFeatureException.class).hasMessageContaining("an input of its own");
    assertThatThrownBy(() -> MODEL.embed(EmbeddingRequest.builder().input(tiny()).dimensions(8).build()))
        .isExactlyInstanceOf(UnsupportedFeatureException.class).hasMessageContaining("dimensions");
    assertThatThrownBy(() -> MODEL.embed(EmbeddingRequest.builder().input(tiny()).modelName("other").build()))
        .isExactlyInstanceOf(UnsupportedFeatureException.class).hasMessageContaining("'other' is not supported");
    assertThat(MODEL.embed(EmbeddingRequest.builder().input(tiny()).modelName("model").build()).embeddings()).hasSize(1);
  }

  @Test
  void saysWhichPictureIsWrong() {
    assertThatThrownBy(() -> MODEL.embed(
        EmbeddingRequest.builder().input(tiny()).input(ImageContent.from("AAAA", "image/png")).build()))
        .isInstanceOf(InvalidRequestException.class).hasMessageContaining("image 2");
    assertThatThrownBy(() -> MODEL.embed(EmbeddingRequest.builder().input(ImageContent.from("file:///etc/passwd")).build()))
        .isInstanceOf(UnsupportedFeatureException.class).hasMessageContaining("imageDirectories");
  }

  @Test
  void tellsListeners() {
    Recorder recorder = new Recorder();
    LlavaEmbeddingModel.builder().engine(ENGINE).listeners(List.of(recorder)).build()
        .embed(EmbeddingRequest.builder().input(tiny()).build());
    assertThat(recorder.requests).hasValue(1);
    assertThat(recorder.responses).hasValue(1);
    assertThat(recorder.errors).hasValue(0);
  }

  @Test
  void tellsListenersOfErrors() {
    Recorder recorder = new Recorder();
    LlavaEmbeddingModel closed =
        LlavaEmbeddingModel.builder().engine(Models.closedEngine()).listeners(List.of(recorder)).build();
    assertThatThrownBy(() -> closed.embed(EmbeddingRequest.builder().input(tiny()).build()))
        .isInstanceOf(InternalServerException.class).hasMessageContaining("closed");
    assertThat(recorder.errors).hasValue(1);
    assertThat(recorder.responses).hasValue(0);
  }

  @Test
  void closesOnlyWhatItOpened() {
    MODEL.close();
    assertThat(ENGINE.isOpen()).isTrue();
    LlavaEmbeddingModel own = LlavaEmbeddingModel.builder().modelPath(Goldens.model(Goldens.LLAVA_15)).threads(1).build();
    assertThat(own.embed(tiny().image()).content().dimension()).isEqualTo(own.dimension());
    own.close();
    assertThatThrownBy(() -> own.embed(tiny().image())).isInstanceOf(InternalServerException.class);
  }

  @Test
  void saysWhatIsWrongWithItsSettings() {
    assertThatThrownBy(() -> LlavaEmbeddingModel.builder().engine(ENGINE).threads(1).build())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> LlavaEmbeddingModel.builder().modelPath(Path.of("nowhere")).build())
        .isInstanceOf(ModelNotFoundException.class);
  }
}
