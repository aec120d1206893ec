package io.github.llava4j.langchain4j;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import io.github.llava4j.checkpoint.ModelSource;
import io.github.llava4j.engine.EngineLimits;
import io.github.llava4j.engine.EngineOptions;
import io.github.llava4j.engine.LlavaEngine;
import io.github.llava4j.image.ImageLoader;
import io.github.llava4j.text.ImageOrder;
import org.jspecify.annotations.Nullable;

import static dev.langchain4j.internal.Utils.copy;
import static dev.langchain4j.internal.Utils.getOrDefault;

/**
 * The settings that the blocking and the streaming model share.
 *
 * <p>Either give an {@link #engine}, which stays yours to close and which several models may share, or a
 * {@link #modelPath} and the settings beside it: then the model opens an engine of its own and closes it. With neither it
 * is {@link ModelSource.Embedded llava-mini}, if that is on the class path. A setting that is null is as if it were not set.
 *
 * @param <B> the builder itself
 */
public abstract class LlavaModelBuilder<B extends LlavaModelBuilder<B>> {

  private @Nullable LlavaEngine engine;
  private @Nullable Path modelPath;
  private @Nullable Path mmprojPath;
  private @Nullable String backend;
  private @Nullable Integer threads;
  private @Nullable Integer contextLength;
  private @Nullable EngineLimits limits;
  private @Nullable ImageLoader imageLoader;
  private @Nullable List<Path> imageDirectories;
  private @Nullable LowDetail lowDetail;
  private @Nullable ImageOrder imageOrder;
  private @Nullable String template;
  private @Nullable List<ChatModelListener> listeners;
  private @Nullable ChatRequestParameters defaultRequestParameters;
  private @Nullable Boolean logRequests;
  private @Nullable Boolean logResponses;
  private final LlavaChatRequestParameters.Builder parameters = LlavaChatRequestParameters.builder();

  LlavaModelBuilder() {}

  /** This builder, as what it is. */
  protected abstract B self();

  /** An engine that is open already. The model does not close it. */
  public B engine(@Nullable LlavaEngine value) {
    engine = value;
    return self();
  }

  /** Folder or file of a model, or {@code mini}, to be opened with an engine of its own. */
  public B modelPath(@Nullable Path value) {
    modelPath = value;
    return self();
  }

  /** See {@link #modelPath(Path)}. */
  public B modelPath(@Nullable String value) {
    return modelPath(value == null ? null : Path.of(value));
  }

  /** The vision part of a GGUF model; without it, it is looked for beside the model. */
  public B mmprojPath(@Nullable Path value) {
    mmprojPath = value;
    return self();
  }

  /** See {@link #mmprojPath(Path)}. */
  public B mmprojPath(@Nullable String value) {
    return mmprojPath(value == null ? null : Path.of(value));
  }

  /** {@code auto}, which is the default, {@code vector}, {@code tornado} or {@code scalar}. */
  public B backend(@Nullable String value) {
    backend = value;
    return self();
  }

  /** Threads of a CPU backend; all cores unless set. */
  public B threads(@Nullable Integer value) {
    threads = value;
    return self();
  }

  /** Most tokens of a prompt and its answer together; unless set, what the model was trained for. */
  public B contextLength(@Nullable Integer value) {
    contextLength = value;
    return self();
  }

  /** What requests may cost; see there for each limit and its default. */
  public B limits(@Nullable EngineLimits value) {
    limits = value;
    return self();
  }

  /**
   * Limits of pictures, and from which hosts they may be fetched. By default from none: who writes a message must not
   * thereby look into networks that only this machine can reach.
   */
  public B imageLoader(@Nullable ImageLoader value) {
    imageLoader = value;
    return self();
  }

  /** The directories that {@code file:} addresses of images may point into; by default none. */
  public B imageDirectories(@Nullable List<Path> value) {
    imageDirectories = value;
    return self();
  }

  /** See {@link #imageDirectories(List)}. */
  public B imageDirectories(Path... value) {
    return imageDirectories(List.of(value));
  }

  /** What LangChain4j's default level of detail means; see there. */
  public B lowDetail(@Nullable LowDetail value) {
    lowDetail = value;
    return self();
  }

  /**
   * Where the pictures of a message go in the prompt; by default where the model's chat template puts them. Who writes
   * "compare" [picture] "with" [picture] to a model that learned such prompts sets {@link ImageOrder#IN_PLACE}.
   */
  public B imageOrder(@Nullable ImageOrder value) {
    imageOrder = value;
    return self();
  }

  /**
   * Name of one of {@link io.github.llava4j.text.ChatTemplates}, such as {@code vicuna_v1}, in place of the chat template
   * in the model's files.
   */
  public B template(@Nullable String value) {
    template = value;
    return self();
  }

  /** 0, the default, always takes the likeliest token; 1 draws by the model's own probabilities. */
  public B temperature(@Nullable Double value) {
    parameters.temperature(value);
    return self();
  }

  /** Draws from the likeliest tokens that together reach this probability. */
  public B topP(@Nullable Double value) {
    parameters.topP(value);
    return self();
  }

  /** Draws from so many of the likeliest tokens. */
  public B topK(@Nullable Integer value) {
    parameters.topK(value);
    return self();
  }

  /** Draws from tokens at least this fraction as likely as the likeliest. */
  public B minP(@Nullable Double value) {
    parameters.minP(value);
    return self();
  }

  /** Divides the logits of tokens that the answer has already; 1 is none. */
  public B repetitionPenalty(@Nullable Double value) {
    parameters.repetitionPenalty(value);
    return self();
  }

  /** Subtracted from a token's logit for each time that the answer has it. */
  public B frequencyPenalty(@Nullable Double value) {
    parameters.frequencyPenalty(value);
    return self();
  }

  /** Subtracted once from the logits of tokens that the answer has. */
  public B presencePenalty(@Nullable Double value) {
    parameters.presencePenalty(value);
    return self();
  }

  /** Most tokens of an answer; unless set, as many as the context still takes. */
  public B maxOutputTokens(@Nullable Integer value) {
    parameters.maxOutputTokens(value);
    return self();
  }

  /** Texts that end an answer and are not part of it. */
  public B stopSequences(@Nullable List<String> value) {
    parameters.stopSequences(value);
    return self();
  }

  /** Makes drawing repeatable. */
  public B seed(@Nullable Long value) {
    parameters.seed(value);
    return self();
  }

  /**
   * How long an answer may take, the time that its request waits included. What takes longer is stopped and ends with
   * LangChain4j's {@link dev.langchain4j.exception.TimeoutException}. Unless set, as long as it needs.
   */
  public B timeout(@Nullable Duration value) {
    parameters.timeout(value);
    return self();
  }

  /** Who hears of requests and answers. */
  public B listeners(@Nullable List<ChatModelListener> value) {
    listeners = value;
    return self();
  }

  /** Whether requests are written to the log, pictures shortened to type, size and hash; off by default. */
  public B logRequests(@Nullable Boolean value) {
    logRequests = value;
    return self();
  }

  /** Whether responses are written to the log; off by default. */
  public B logResponses(@Nullable Boolean value) {
    logResponses = value;
    return self();
  }

  /**
   * Parameters of requests that do not say otherwise, those of {@link LlavaChatRequestParameters} among them; the builder's
   * single ones take precedence.
   */
  public B defaultRequestParameters(@Nullable ChatRequestParameters value) {
    defaultRequestParameters = value;
    return self();
  }

  LlavaEngine openEngine() {
    if (engine != null) {
      if (modelPath != null || mmprojPath != null || backend != null || threads != null || contextLength != null
          || limits != null || template != null) {
        throw new IllegalArgumentException("give either an engine or modelPath and an engine's settings, not both");
      }
      return engine;
    }
    EngineOptions options = EngineOptions.builder(getOrDefault(modelPath, Path.of(ModelSource.MINI)))
        .mmproj(mmprojPath)
        .backend(getOrDefault(backend, "auto"))
        .threads(getOrDefault(threads, 0))
        .context(getOrDefault(contextLength, 0))
        .limits(getOrDefault(limits, EngineLimits.DEFAULT))
        .template(template)
        .build();
    return LlavaExceptionMapper.INSTANCE.withExceptionMapper(() -> LlavaEngine.open(options));
  }

  ImageOrder imageOrder() {
    return getOrDefault(imageOrder, ImageOrder.TEMPLATE);
  }

  boolean ownsEngine() {
    return engine == null;
  }

  MessageMapper messageMapper(LlavaEngine opened) {
    // Where there are no tiles there is no overview either: such a picture is always seen as configured.
    LowDetail meaning = opened.model().tiles() ? getOrDefault(lowDetail, LowDetail.AS_CONFIGURED) : LowDetail.AS_CONFIGURED;
    ImageLoader loader =
        getOrDefault(imageLoader, () -> ImageLoader.builder().limits(opened.limits().image()).build());
    return new MessageMapper(new PictureReader(loader, copy(imageDirectories)), meaning);
  }

  RequestLog log() {
    return new RequestLog(getOrDefault(logRequests, false), getOrDefault(logResponses, false));
  }

  List<ChatModelListener> listeners() {
    return copy(listeners);
  }

  /** Checked here, so that a wrong default is found when the model is made and not at its first request. */
  LlavaChatRequestParameters parameters(String modelName) {
    LlavaChatRequestParameters checked = parameters.build()
        .defaultedBy(getOrDefault(defaultRequestParameters, DefaultChatRequestParameters.EMPTY))
        .defaultedBy(LlavaChatRequestParameters.builder().modelName(modelName).build());
    ParameterMapper.requireSupported(checked, modelName);
    ParameterMapper.sampling(checked);
    ParameterMapper.maxTokens(checked);
    return checked;
  }
}
