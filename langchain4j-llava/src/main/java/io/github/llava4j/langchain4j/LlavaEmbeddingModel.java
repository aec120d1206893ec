package io.github.llava4j.langchain4j;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ContentType;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.request.EmbeddingInput;
import dev.langchain4j.model.embedding.request.EmbeddingParameter;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.embedding.response.EmbeddingResponseMetadata;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import io.github.llava4j.checkpoint.ModelSource;
import io.github.llava4j.engine.EmbedRequest;
import io.github.llava4j.engine.EngineLimits;
import io.github.llava4j.engine.EngineOptions;
import io.github.llava4j.engine.LlavaEngine;
import io.github.llava4j.image.EncodedPicture;
import io.github.llava4j.image.ImageLoader;
import org.jspecify.annotations.Nullable;

import static dev.langchain4j.internal.Utils.copy;
import static dev.langchain4j.internal.Utils.getOrDefault;

/**
 * Embeddings of pictures as LangChain4j's {@link EmbeddingModel}, to find pictures that look alike: picture to picture.
 * Thread-safe.
 *
 * <p>An embedding is what the model's vision tower sees: its features at the layer that LLaVA uses (before the projector),
 * averaged over all patches of the picture as a whole, of length 1. Pictures of one kind are near one another; the cosine of
 * unlike ones is far from 0 all the same, so compare scores with one another rather than with a fixed bound.
 *
 * <p>Text cannot be embedded, and is refused with an {@link UnsupportedFeatureException}: CLIP's text tower, which would
 * make texts and pictures comparable, is not part of LLaVA's files. To find pictures by words, let the chat model describe
 * them and embed the descriptions with a text model.
 */
public class LlavaEmbeddingModel implements EmbeddingModel, AutoCloseable {

  private final LlavaEngine engine;
  private final boolean owned;
  private final PictureReader pictures;
  private final @Nullable Duration timeout;
  private final @Nullable String cacheSalt;
  private final List<EmbeddingModelListener> listeners;

  protected LlavaEmbeddingModel(Builder builder) {
    this.engine = builder.openEngine();
    this.owned = builder.engine == null;
    this.pictures = builder.pictureReader(engine);
    this.timeout = builder.timeout;
    this.cacheSalt = builder.cacheSalt;
    this.listeners = copy(builder.listeners);
  }

  /** Embeds one picture. */
  public Response<Embedding> embed(Image image) {
    EmbeddingResponse response = embed(EmbeddingRequest.builder().input(ImageContent.from(image)).build());
    return Response.from(response.embeddings().getFirst(), response.metadata().tokenUsage());
  }

  /** As {@link #doEmbed}; what is not supported is refused first, and listeners are told. */
  @Override
  public EmbeddingResponse embed(EmbeddingRequest request) {
    return listeners.isEmpty() ? EmbeddingModel.super.embed(request) : new HeardEmbedding(this, listeners).embed(request);
  }

  /**
   * Embeds pictures, one for each input. Levels of detail make no difference: the picture as a whole is looked at.
   *
   * @throws UnsupportedFeatureException for an input of several pictures, and for another model's name
   * @throws dev.langchain4j.exception.LangChain4jException if a picture cannot be read or the engine cannot answer
   */
  @Override
  public EmbeddingResponse doEmbed(EmbeddingRequest request) {
    String wanted = request.modelName();
    if (wanted != null && !wanted.equals(modelName())) {
      throw new UnsupportedFeatureException(
          "modelName '" + wanted + "' is not supported: the model that is loaded is '" + modelName() + "'");
    }
    return LlavaExceptionMapper.INSTANCE.withExceptionMapper(() -> {
      List<EncodedPicture> read = new ArrayList<>();
      for (EmbeddingInput input : request.inputs()) {
        read.add(pictures.read(image(input), "image " + (read.size() + 1)));
      }
      List<Embedding> embeddings = new ArrayList<>();
      int tokens = 0;
      for (EncodedPicture picture : read) {
        Embedding embedding = Embedding.from(engine.embed(new EmbedRequest(picture, timeout, cacheSalt)));
        embedding.normalize();
        embeddings.add(embedding);
        tokens += engine.model().imageTokens(picture.width(), picture.height(), true);
      }
      return EmbeddingResponse.builder()
          .embeddings(embeddings)
          .metadata(EmbeddingResponseMetadata.builder().modelName(modelName()).tokenUsage(new TokenUsage(tokens)).build())
          .build();
    });
  }

  private static Image image(EmbeddingInput input) {
    List<Content> contents = input.contents();
    if (contents.size() != 1 || !(contents.getFirst() instanceof ImageContent content)) {
      throw new UnsupportedFeatureException(
          "several contents in one input are not supported: give each picture an input of its own");
    }
    return content.image();
  }

  /** Pictures alone. */
  @Override
  public Set<ContentType> supportedContentTypes() {
    return Set.of(ContentType.IMAGE);
  }

  /** The model's name alone, which must be that of the model that is loaded. */
  @Override
  public Set<EmbeddingParameter<?>> supportedParameters() {
    return Set.of(EmbeddingRequestParameters.MODEL_NAME);
  }

  /** The width of the vision tower: 1,024 for LLaVA-1.5 and 1.6. */
  @Override
  public int dimension() {
    return engine.visionWidth();
  }

  @Override
  public String modelName() {
    return engine.model().name();
  }

  @Override
  public List<EmbeddingModelListener> listeners() {
    return listeners;
  }

  /** {@link ModelProvider#OTHER}: LangChain4j's list of providers has no place for LLaVA. */
  @Override
  public ModelProvider provider() {
    return ModelProvider.OTHER;
  }

  /** Closes the engine if this model opened it. */
  @Override
  public void close() {
    if (owned) {
      engine.close();
    }
  }

  public static Builder builder() {
    return new Builder();
  }

  /**
   * Collects the settings of a {@link LlavaEmbeddingModel}. Either give an {@link #engine}, which stays yours to close, or a
   * {@link #modelPath}; with neither it is llava-mini, if that is on the class path. A setting that is null is not set.
   */
  public static class Builder {

    private @Nullable LlavaEngine engine;
    private @Nullable Path modelPath;
    private @Nullable Path mmprojPath;
    private @Nullable String backend;
    private @Nullable Integer threads;
    private @Nullable EngineLimits limits;
    private @Nullable ImageLoader imageLoader;
    private @Nullable List<Path> imageDirectories;
    private @Nullable Duration timeout;
    private @Nullable String cacheSalt;
    private @Nullable List<EmbeddingModelListener> listeners;

    /** Public so that it can be extended. */
    public Builder() {}

    /** An engine that is open already, perhaps that of a chat model. The embedding model does not close it. */
    public Builder engine(@Nullable LlavaEngine value) {
      engine = value;
      return this;
    }

    /** Folder or file of a model, or {@code mini}, to be opened with an engine of its own. */
    public Builder modelPath(@Nullable Path value) {
      modelPath = value;
      return this;
    }

    /** The vision part of a GGUF model; without it, it is looked for beside the model. */
    public Builder mmprojPath(@Nullable Path value) {
      mmprojPath = value;
      return this;
    }

    /** {@code auto}, which is the default, {@code vector}, {@code tornado} or {@code scalar}. */
    public Builder backend(@Nullable String value) {
      backend = value;
      return this;
    }

    /** Threads of a CPU backend; all cores unless set. */
    public Builder threads(@Nullable Integer value) {
      threads = value;
      return this;
    }

    /** What requests may cost. */
    public Builder limits(@Nullable EngineLimits value) {
      limits = value;
      return this;
    }

    /** Limits of pictures, and from which hosts they may be fetched; by default from none. */
    public Builder imageLoader(@Nullable ImageLoader value) {
      imageLoader = value;
      return this;
    }

    /** The directories that {@code file:} addresses of images may point into; by default none. */
    public Builder imageDirectories(@Nullable List<Path> value) {
      imageDirectories = value;
      return this;
    }

    /** How long one picture may take, the time that it waits included; unless set, as long as it needs. */
    public Builder timeout(@Nullable Duration value) {
      timeout = value;
      return this;
    }

    /** Whose caches may be used, as {@link LlavaChatRequestParameters#cacheSalt()}. */
    public Builder cacheSalt(@Nullable String value) {
      cacheSalt = value;
      return this;
    }

    /** Who hears of requests and embeddings. */
    public Builder listeners(@Nullable List<EmbeddingModelListener> value) {
      listeners = value;
      return this;
    }

    private LlavaEngine openEngine() {
      if (engine != null) {
        if (modelPath != null || mmprojPath != null || backend != null || threads != null || limits != null) {
          throw new IllegalArgumentException("give either an engine or modelPath and an engine's settings, not both");
        }
        return engine;
      }
      EngineOptions options = EngineOptions.builder(getOrDefault(modelPath, Path.of(ModelSource.MINI)))
          .mmproj(mmprojPath)
          .backend(getOrDefault(backend, "auto"))
          .threads(getOrDefault(threads, 0))
          .limits(getOrDefault(limits, EngineLimits.DEFAULT))
          .build();
      return LlavaExceptionMapper.INSTANCE.withExceptionMapper(() -> LlavaEngine.open(options));
    }

    private PictureReader pictureReader(LlavaEngine opened) {
      ImageLoader loader =
          getOrDefault(imageLoader, () -> ImageLoader.builder().limits(opened.limits().image()).build());
      return new PictureReader(loader, copy(imageDirectories));
    }

    /**
     * Makes the model.
     *
     * @throws dev.langchain4j.exception.ModelNotFoundException if the model's files are missing or cannot be used
     */
    public LlavaEmbeddingModel build() {
      return new LlavaEmbeddingModel(this);
    }
  }
}
