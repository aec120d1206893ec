package io.github.llava4j.spring;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

import io.github.llava4j.PromptException;
import io.github.llava4j.engine.EngineLimits;
import io.github.llava4j.engine.EngineOptions;
import io.github.llava4j.engine.GenerationRequest;
import io.github.llava4j.engine.Sampling;
import io.github.llava4j.image.ImageLimits;
import io.github.llava4j.image.ImageLoader;
import io.github.llava4j.kernels.KvType;
import io.github.llava4j.langchain4j.JsonStyle;
import io.github.llava4j.langchain4j.LlavaChatRequestParameters;
import io.github.llava4j.langchain4j.LlavaImageModel;
import io.github.llava4j.langchain4j.LowDetail;
import io.github.llava4j.langchain4j.UnsupportedKeywords;
import io.github.llava4j.text.ImageOrder;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * A LLaVA model in this process.
 *
 * @param modelPath Folder or file of the model: safetensors, GGUF or PaddlePaddle; or mini, the one that ships with llava4j. Nothing is configured without it.
 * @param mmprojPath Vision part of a GGUF model. By default it is looked for beside the model.
 * @param backend Where to compute: auto, vector (needs the JVM flag --add-modules jdk.incubator.vector), tornado (needs TornadoVM) or scalar.
 * @param threads Threads of a CPU backend. 0 for all cores.
 * @param contextLength Most tokens of a prompt and its answer together. 0 for what the model was trained for.
 * @param parallel Requests that are answered at the same time. Each takes memory for its own keys and values.
 * @param batchRows Most prompt tokens that are computed at once.
 * @param imageCache Heap for pictures seen before, so that another question about one is answered sooner. By default an eighth of the heap, but at most 256 MB.
 * @param kvType How keys and values of past tokens are kept: f32, or f16 for half of the memory and answers that can differ a little.
 * @param template Name of a known chat template, such as vicuna_v1, in place of the one in the model's files.
 * @param imageOrder Where the pictures of a message go in the prompt: template, where the model's chat template puts them, or in-place, where the message has them.
 * @param timeout How long a request may take, waiting included. By default as long as it needs.
 * @param shutdownTimeout How long requests that are being answered may go on when the application ends; those that wait are refused at once. Must be shorter than spring.lifecycle.timeout-per-shutdown-phase.
 * @param limits What requests may cost. What exceeds a limit is refused before the work is begun.
 * @param image Which pictures are read, and how.
 * @param chatModel The blocking model and its defaults.
 * @param streamingChatModel The streaming model; a default that is not set here is the blocking model's.
 * @param imageModel The model that draws; a default that is not set here is the blocking model's, but for max-output-tokens.
 * @param embeddingModel The model that embeds pictures.
 */
@ConfigurationProperties(LlavaProperties.PREFIX)
public record LlavaProperties(
    String modelPath,
    @Nullable String mmprojPath,
    @DefaultValue("auto") String backend,
    @DefaultValue("0") int threads,
    @DefaultValue("0") int contextLength,
    @DefaultValue("1") int parallel,
    @DefaultValue("512") int batchRows,
    @Nullable DataSize imageCache,
    @DefaultValue("f32") KvType kvType,
    @Nullable String template,
    @DefaultValue("template") ImageOrder imageOrder,
    @Nullable Duration timeout,
    @DefaultValue("20s") Duration shutdownTimeout,
    @DefaultValue Limits limits,
    @DefaultValue Image image,
    @DefaultValue Chat chatModel,
    @DefaultValue Chat streamingChatModel,
    @DefaultValue Drawing imageModel,
    @DefaultValue Embedding embeddingModel) {

  /** What the properties' names begin with. */
  public static final String PREFIX = "langchain4j.llava";

  public LlavaProperties {
    if (modelPath == null || modelPath.isBlank()) {
      throw new IllegalArgumentException(PREFIX + ".model-path is empty");
    }
    requireAtLeast(0, threads, "threads");
    requireAtLeast(0, contextLength, "context-length");
    requireAtLeast(1, parallel, "parallel");
    requireAtLeast(1, batchRows, "batch-rows");
    requireAtLeast(0, imageCache, "image-cache");
    require(timeout == null || timeout.isPositive(), "timeout must be longer than nothing, not " + timeout);
    require(!shutdownTimeout.isNegative(), "shutdown-timeout must not be negative, but is " + shutdownTimeout);
    chatModel.check("chat-model");
    streamingChatModel.check("streaming-chat-model");
    imageModel.parametersAlone().check("image-model");
  }

  private static void requireAtLeast(long least, @Nullable Long value, String name) {
    require(value == null || value >= least, name + " must be at least " + least + ", not " + value);
  }

  private static void requireAtLeast(long least, int value, String name) {
    requireAtLeast(least, Long.valueOf(value), name);
  }

  private static void requireAtLeast(long least, @Nullable DataSize value, String name) {
    requireAtLeast(least, value == null ? null : value.toBytes(), name);
  }

  private static void requireFrom(int least, int most, @Nullable Integer value, String name) {
    require(value == null || value >= least && value <= most, name + " must be from " + least + " to " + most + ", not " + value);
  }

  private static void require(boolean ok, String what) {
    if (!ok) {
      throw new IllegalArgumentException(PREFIX + "." + what);
    }
  }

  /**
   * A path or a file: address. Properties are text until here, because Spring's own conversion to a Path looks for a
   * relative one among a web application's resources.
   */
  private static Path path(String text) {
    return text.startsWith("file:") ? Path.of(URI.create(text)) : Path.of(text);
  }

  /** How to open the engine. */
  public EngineOptions engineOptions() {
    EngineOptions.Builder options = EngineOptions.builder(path(modelPath))
        .mmproj(mmprojPath == null || mmprojPath.isBlank() ? null : path(mmprojPath))
        .backend(backend)
        .threads(threads)
        .context(contextLength)
        .parallel(parallel)
        .limits(limits.engineLimits(image.limits(), timeout))
        .batchRows(batchRows)
        .kvType(kvType)
        .template(template == null || template.isBlank() ? null : template);
    if (imageCache != null) {
      options.imageCacheBytes(imageCache.toBytes());
    }
    return options.build();
  }

  /** Defaults of the streaming model's requests. */
  public LlavaChatRequestParameters streamingParameters() {
    return streamingChatModel.parameters().defaultedBy(chatModel.parameters());
  }

  /** Whether the streaming model's requests are written to the log. */
  public @Nullable Boolean logStreamingRequests() {
    return streamingChatModel.logRequests == null ? chatModel.logRequests : streamingChatModel.logRequests;
  }

  /** Whether the streaming model's responses are written to the log. */
  public @Nullable Boolean logStreamingResponses() {
    return streamingChatModel.logResponses == null ? chatModel.logResponses : streamingChatModel.logResponses;
  }

  /**
   * Defaults of the requests to draw. A limit and stop sequences that are meant for answers are not meant for drawings.
   */
  public LlavaChatRequestParameters imageParameters() {
    return imageModel.parametersAlone().parameters().defaultedBy(chatModel.ofAnyLength().parameters());
  }

  /**
   * Which pictures are read, and how.
   *
   * @param maxSize Largest file, encoded.
   * @param maxPixels Most pixels, width times height.
   * @param maxSide Largest width and height in pixels.
   * @param applyOrientation Whether pictures are turned as their EXIF data says.
   * @param allowedHosts Hosts from which http and https addresses are fetched. None by default, because whoever writes
   *     a message could otherwise look into the server's own network.
   * @param directories Directories that file: addresses may point into. None by default, because whoever writes a
   *     message could otherwise read the server's files.
   * @param lowDetail What the level of detail "low" means, which LangChain4j sends when nobody asked for one:
   *     as-configured, like the others, or overview, the picture scaled to one tile.
   */
  public record Image(
      @DefaultValue("50MB") DataSize maxSize,
      @DefaultValue("100000000") long maxPixels,
      @DefaultValue("65535") int maxSide,
      @DefaultValue("true") boolean applyOrientation,
      @DefaultValue Set<String> allowedHosts,
      @DefaultValue List<String> directories,
      @DefaultValue("as-configured") LowDetail lowDetail) {

    /** The directories as paths. */
    public List<Path> directoryPaths() {
      return directories.stream().map(LlavaProperties::path).toList();
    }

    /** What a single picture may cost. */
    public ImageLimits limits() {
      return new ImageLimits(maxSize.toBytes(), maxPixels, maxSide, ImageLimits.DEFAULT.kinds());
    }

    /** What reads pictures. */
    public ImageLoader loader() {
      return new ImageLoader(limits(), applyOrientation, allowedHosts);
    }
  }

  /**
   * What requests may cost.
   *
   * @param maxImages Most pictures of a request, those of earlier turns included.
   * @param maxRequestPixels Most pixels of all pictures of a request together.
   * @param decodePixels Most pixels that are decoded at the same time; other pictures wait for their turn. By default as many as take half of the heap, but at most 100 million.
   * @param maxWaiting Most requests that wait; further ones are refused.
   * @param maxWaitingBytes Most heap for the tiles of pictures of requests that wait or run; further requests are refused. By default a quarter of the heap.
   * @param tileCacheBytes Heap for tiles of pictures seen before, so that a conversation does not decode them in each turn. By default a sixteenth of the heap, but at most 64 MB.
   */
  public record Limits(
      @DefaultValue("100") int maxImages,
      @DefaultValue("500000000") long maxRequestPixels,
      @Nullable Long decodePixels,
      @DefaultValue("64") int maxWaiting,
      @Nullable DataSize maxWaitingBytes,
      @Nullable DataSize tileCacheBytes) {

    public Limits {
      requireAtLeast(1, maxImages, "limits.max-images");
      requireAtLeast(1, Long.valueOf(maxRequestPixels), "limits.max-request-pixels");
      requireAtLeast(1, decodePixels, "limits.decode-pixels");
      requireAtLeast(1, maxWaiting, "limits.max-waiting");
      requireAtLeast(1, maxWaitingBytes, "limits.max-waiting-bytes");
      requireAtLeast(0, tileCacheBytes, "limits.tile-cache-bytes");
    }

    private EngineLimits engineLimits(ImageLimits image, @Nullable Duration timeout) {
      EngineLimits.Builder limits = EngineLimits.builder()
          .image(image).maxImages(maxImages).maxRequestPixels(maxRequestPixels).maxWaiting(maxWaiting).timeout(timeout);
      if (decodePixels != null) {
        limits.decodePixels(decodePixels);
      }
      if (maxWaitingBytes != null) {
        limits.maxWaitingBytes(maxWaitingBytes.toBytes());
      }
      if (tileCacheBytes != null) {
        limits.tileCacheBytes(tileCacheBytes.toBytes());
      }
      return limits.build();
    }
  }

  /**
   * A model and the parameters of requests that do not set their own.
   *
   * @param enabled Whether there is a bean of this model.
   * @param temperature 0, the default, always takes the likeliest token; 1 draws by the model's own probabilities.
   * @param topP Draw from the likeliest tokens that together reach this probability.
   * @param topK Draw from so many of the likeliest tokens.
   * @param minP Draw from tokens at least this fraction as likely as the likeliest.
   * @param repetitionPenalty Divides the logits of tokens that the answer has already. 1 is none.
   * @param frequencyPenalty Subtracted from a token's logit for each time that the answer has it.
   * @param presencePenalty Subtracted once from the logits of tokens that the answer has.
   * @param maxOutputTokens Most tokens of an answer. By default as many as the context still takes.
   * @param stopSequences Texts that end an answer and are not part of it.
   * @param seed Makes drawing repeatable.
   * @param json How answers are held to JSON schemas.
   * @param tools How tools are called.
   * @param logprobs How many of the likeliest tokens the metadata list beside each token of an answer. By default no probabilities.
   * @param logRequests Whether requests are written to the log, pictures shortened to type, size and hash. By default not.
   * @param logResponses Whether responses are written to the log. By default not.
   */
  public record Chat(
      @DefaultValue("true") boolean enabled,
      @Nullable Double temperature,
      @Nullable Double topP,
      @Nullable Integer topK,
      @Nullable Double minP,
      @Nullable Double repetitionPenalty,
      @Nullable Double frequencyPenalty,
      @Nullable Double presencePenalty,
      @Nullable Integer maxOutputTokens,
      @Nullable List<String> stopSequences,
      @Nullable Long seed,
      @DefaultValue Json json,
      @DefaultValue Tools tools,
      @Nullable Integer logprobs,
      @Nullable Boolean logRequests,
      @Nullable Boolean logResponses) {

    /** Finds what no request could have, so that the start ends with the property's name and not the first request. */
    private void check(String model) {
      check(model, "temperature", temperature, value -> new Sampling(value, 0, 1, 0, 1, 0, 0, 0));
      check(model, "top-p", topP, value -> new Sampling(0, 0, value, 0, 1, 0, 0, 0));
      check(model, "top-k", topK, value -> new Sampling(0, value, 1, 0, 1, 0, 0, 0));
      check(model, "min-p", minP, value -> new Sampling(0, 0, 1, value, 1, 0, 0, 0));
      check(model, "repetition-penalty", repetitionPenalty, value -> new Sampling(0, 0, 1, 0, value, 0, 0, 0));
      check(model, "frequency-penalty", frequencyPenalty, value -> new Sampling(0, 0, 1, 0, 1, value, 0, 0));
      check(model, "presence-penalty", presencePenalty, value -> new Sampling(0, 0, 1, 0, 1, 0, value, 0));
      requireAtLeast(1, maxOutputTokens == null ? 1 : maxOutputTokens, model + ".max-output-tokens");
      require(stopSequences == null || stopSequences.stream().noneMatch(String::isEmpty), model + ".stop-sequences has an empty text");
      requireFrom(1, 18, json.maxIntegerDigits, model + ".json.max-integer-digits");
      requireFrom(1, 1000, tools.maxCalls, model + ".tools.max-calls");
      requireFrom(0, 10_000, tools.thought, model + ".tools.thought");
      requireFrom(0, GenerationRequest.MOST_LOGPROBS, logprobs, model + ".logprobs");
    }

    /** Says a parameter's range in the words of {@link Sampling}, under the property's name. */
    private static <T> void check(String model, String name, @Nullable T value, Function<T, Sampling> sampling) {
      try {
        if (value != null) {
          sampling.apply(value);
        }
      } catch (PromptException e) {
        String range = e.getMessage().substring(e.getMessage().indexOf(' '));
        throw new IllegalArgumentException(PREFIX + "." + model + "." + name + range);
      }
    }

    /** The same without what says where an answer ends. */
    private Chat ofAnyLength() {
      return new Chat(
          enabled, temperature, topP, topK, minP, repetitionPenalty, frequencyPenalty, presencePenalty, null, null, seed,
          Json.NONE, Tools.NONE, null, null, null);
    }

    /** The parameters that are set. */
    public LlavaChatRequestParameters parameters() {
      return LlavaChatRequestParameters.builder()
          .temperature(temperature)
          .topP(topP)
          .topK(topK)
          .minP(minP)
          .repetitionPenalty(repetitionPenalty)
          .frequencyPenalty(frequencyPenalty)
          .presencePenalty(presencePenalty)
          .maxOutputTokens(maxOutputTokens)
          .stopSequences(stopSequences)
          .seed(seed)
          .jsonStyle(json.style)
          .allProperties(json.allProperties)
          .unsupportedKeywords(json.unsupportedKeywords)
          .maxIntegerDigits(json.maxIntegerDigits)
          .schemaInPrompt(json.schemaInPrompt)
          .maxToolCalls(tools.maxCalls)
          .toolThought(tools.thought)
          .logprobs(logprobs)
          .build();
    }
  }

  /**
   * How answers are held to JSON schemas.
   *
   * @param style White space: flexible, as the model likes within bounds; spaced; or compact.
   * @param allProperties Whether all properties that a schema names are written, those that are not required, too. By default where it requires nothing at all; elsewhere the model decides.
   * @param unsupportedKeywords What happens with keywords that no grammar can express: refuse, check (the answer, afterwards) or ignore.
   * @param maxIntegerDigits Most digits of an integer, 1 to 18. 9 fit into an int.
   * @param schemaInPrompt Whether the model is told of the schema. By default it is.
   */
  public record Json(
      @Nullable JsonStyle style,
      @Nullable Boolean allProperties,
      @Nullable UnsupportedKeywords unsupportedKeywords,
      @Nullable Integer maxIntegerDigits,
      @Nullable Boolean schemaInPrompt) {

    private static final Json NONE = new Json(null, null, null, null, null);
  }

  /**
   * How tools are called.
   *
   * @param maxCalls Most calls of one answer. 4 unless set.
   * @param thought Most characters of a line of thought before the model decides about tools. By default there is none.
   */
  public record Tools(@Nullable Integer maxCalls, @Nullable Integer thought) {

    private static final Tools NONE = new Tools(null, null);
  }

  /**
   * The model that draws.
   *
   * @param enabled Whether there is a bean of this model.
   * @param format What drawings are handed over as: svg, or png, which needs com.github.weisj:jsvg on the class path.
   * @param temperature 0, the default, always takes the likeliest token; 1 draws by the model's own probabilities.
   * @param topP Draw from the likeliest tokens that together reach this probability.
   * @param topK Draw from so many of the likeliest tokens.
   * @param minP Draw from tokens at least this fraction as likely as the likeliest.
   * @param repetitionPenalty Divides the logits of tokens that the answer has already. 1 is none.
   * @param frequencyPenalty Subtracted from a token's logit for each time that the answer has it.
   * @param presencePenalty Subtracted once from the logits of tokens that the answer has.
   * @param maxOutputTokens Most tokens of a drawing, which is closed in the shortest way then. 1024 unless set.
   * @param seed Makes drawing repeatable.
   */
  public record Drawing(
      @DefaultValue("true") boolean enabled,
      @DefaultValue("svg") LlavaImageModel.Format format,
      @Nullable Double temperature,
      @Nullable Double topP,
      @Nullable Integer topK,
      @Nullable Double minP,
      @Nullable Double repetitionPenalty,
      @Nullable Double frequencyPenalty,
      @Nullable Double presencePenalty,
      @Nullable Integer maxOutputTokens,
      @Nullable Long seed) {

    private Chat parametersAlone() {
      return new Chat(
          enabled, temperature, topP, topK, minP, repetitionPenalty, frequencyPenalty, presencePenalty, maxOutputTokens,
          null, seed, Json.NONE, Tools.NONE, null, null, null);
    }
  }

  /**
   * The model that embeds pictures.
   *
   * @param enabled Whether there is a bean of this model, named llavaEmbeddingModel. It embeds no text, so it is no candidate where any EmbeddingModel is wanted: ask for it by name.
   */
  public record Embedding(@DefaultValue("false") boolean enabled) { }
}
