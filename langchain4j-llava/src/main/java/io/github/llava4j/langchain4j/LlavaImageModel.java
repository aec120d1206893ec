package io.github.llava4j.langchain4j;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.image.ImageModel;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import io.github.llava4j.constraint.Constraint;
import io.github.llava4j.engine.GenerationRequest;
import io.github.llava4j.engine.GenerationResult;
import io.github.llava4j.image.EncodedPicture;
import org.jspecify.annotations.Nullable;

import static dev.langchain4j.internal.Utils.getOrDefault;

/**
 * Pictures that a LLaVA model draws as LangChain4j's {@link ImageModel}: the model writes an SVG document, token by token,
 * and a grammar leaves it no other choice. So whatever the model, the answer is a drawing: well-formed, of at most 64
 * shapes, texts and groups, loading and running nothing. Thread-safe.
 *
 * <p>What to expect: LLaVA reads pictures and writes text; nobody taught it to paint. llava-mini draws one or two plain
 * shapes in the colours that it knows. Larger models draw what they know of SVG from texts: simple shapes, labels, icons
 * of a few strokes, often in the wrong place. No model gives photographs or shading. In {@link #edit(Image, String)}
 * the model sees the picture and draws over it, such as boxes, marks and labels; how well they sit where they should is up
 * to the model, and llava-mini never learnt it.
 *
 * <p>At the token limit (1,024 unless {@code maxOutputTokens} says otherwise) the document is closed in the shortest way,
 * and the finish reason is LENGTH. {@link Image#revisedPrompt()} is the SVG text that the model wrote.
 */
public class LlavaImageModel extends LlavaBaseChatModel implements ImageModel {

  /** What a drawing is handed over as; always base64. */
  public enum Format {
    /** {@code image/svg+xml}: what the model wrote. An edited picture is embedded in it as PNG. */
    SVG,
    /** {@code image/png}, drawn by {@code com.github.weisj:jsvg}, which must be on the class path. Texts need fonts. */
    PNG
  }

  private static final int DEFAULT_MAX_TOKENS = 1_024;
  private static final int MOST_DRAWINGS = 16;
  private static final String ANY_SIZE = "";
  private static final int KEPT_GRAMMARS = 16;

  private final Format format;
  /** Grammars of drawings by how these begin; they take a while to make. */
  private final Map<String, Constraint> grammars = new LinkedHashMap<>(16, 0.75f, true) {
    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Constraint> eldest) {
      return size() > KEPT_GRAMMARS;
    }
  };

  protected LlavaImageModel(Builder builder) {
    super(builder);
    this.format = getOrDefault(builder.format, Format.SVG);
  }

  private static void requireSupported(LlavaChatRequestParameters parameters) {
    String what = null;
    if (!parameters.stopSequences().isEmpty()) {
      what = "stopSequences";
    } else if (!parameters.toolSpecifications().isEmpty()) {
      what = "tools";
    } else if (parameters.responseFormat() != null && parameters.responseFormat().type() != ResponseFormatType.TEXT) {
      what = "a response format";
    } else if (parameters.grammar() != null) {
      what = "a grammar of one's own";
    }
    if (what != null) {
      throw new UnsupportedFeatureException(what + " not supported by the image model: its answers are drawings");
    }
  }

  /**
   * Draws one picture.
   *
   * @param prompt what to draw, such as {@code a red circle left of a blue square}
   * @throws dev.langchain4j.exception.InvalidRequestException if the token limit is too low for any drawing
   * @throws dev.langchain4j.exception.LangChain4jException if the engine cannot answer
   */
  @Override
  public Response<Image> generate(String prompt) {
    return LlavaExceptionMapper.INSTANCE.withExceptionMapper(() -> draw(prompt, defaultRequestParameters()));
  }

  /**
   * Draws several pictures, one after the other. Where tokens are drawn at random each picture is another; with a
   * {@code seed} the first has that seed, the second the next one. A model that always takes the likeliest token draws
   * once, and its drawing is returned {@code n} times.
   *
   * @param n from 1 to 16
   */
  @Override
  public Response<List<Image>> generate(String prompt, int n) {
    if (n < 1 || n > MOST_DRAWINGS) {
      throw new InvalidRequestException("n must be from 1 to " + MOST_DRAWINGS + ", not " + n);
    }
    return LlavaExceptionMapper.INSTANCE.withExceptionMapper(() -> {
      LlavaChatRequestParameters parameters = defaultRequestParameters();
      boolean same = ParameterMapper.sampling(parameters).temperature() == 0;
      List<Image> images = new ArrayList<>();
      TokenUsage usage = new TokenUsage(0, 0);
      FinishReason reason = FinishReason.STOP;
      for (int i = 0; i < n; i++) {
        if (same && i > 0) {
          images.add(images.getFirst());
          continue;
        }
        Response<Image> one = draw(prompt, seeded(parameters, i));
        images.add(one.content());
        usage = TokenUsage.sum(usage, one.tokenUsage());
        reason = one.finishReason() == FinishReason.STOP ? reason : one.finishReason();
      }
      return Response.from(images, usage, reason);
    });
  }

  private static LlavaChatRequestParameters seeded(LlavaChatRequestParameters parameters, int number) {
    return parameters.seed() == null || number == 0
        ? parameters
        : parameters.overrideWith(LlavaChatRequestParameters.builder().seed(parameters.seed() + number).build());
  }

  private Response<Image> draw(String prompt, LlavaChatRequestParameters parameters) {
    GenerationResult answer = answer(UserMessage.from(request(prompt)), parameters, grammar(ANY_SIZE));
    String svg = SvgDocument.in(answer.text());
    byte[] data = format == Format.SVG ? svg.getBytes(StandardCharsets.UTF_8) : PngImages.write(SvgRenderer.draw(svg));
    return response(answer, svg, data);
  }

  /**
   * Shows the model a picture and draws over it what it writes.
   *
   * @param image base64, a {@code data:} address, or what the model was built to read
   * @param prompt what to draw, such as {@code Put a red box around the dog}
   * @return the picture, with its own size, under the drawing: as PNG, or as SVG that embeds the picture
   * @throws dev.langchain4j.exception.InvalidRequestException if the picture cannot be read, or is larger than 4096 pixels
   *     on a side or 16 megapixels
   */
  @Override
  public Response<Image> edit(Image image, String prompt) {
    return edit(image, null, prompt);
  }

  /**
   * As {@link #edit(Image, String)}, but only where the mask says so: elsewhere the picture stays as it is. A mask has the
   * picture's size. If any of its pixels is transparent, the transparent ones are to be edited (as in OpenAI's API), else
   * the white ones; what is between is edited in part. Only PNG masks can be transparent. The model is told the box around
   * what is to be edited; the mask itself it does not see.
   *
   * @throws dev.langchain4j.exception.InvalidRequestException also if the mask has another size, or leaves nothing to edit
   */
  @Override
  public Response<Image> edit(Image image, @Nullable Image mask, String prompt) {
    return LlavaExceptionMapper.INSTANCE.withExceptionMapper(() -> {
      PictureReader pictures = requests().messages().reader();
      EncodedPicture encoded = pictures.read(image, "the image");
      int width = encoded.width();
      int height = encoded.height();
      PngImages.requireSize(width, height, "the image");
      EditMask area = mask == null ? null : EditMask.of(pictures.read(mask, "the mask"), width, height);
      Image shown = Image.builder()
          .base64Data(Base64.getEncoder().encodeToString(encoded.encoded()))
          .mimeType("image/" + encoded.kind().name().toLowerCase(Locale.ROOT))
          .build();
      UserMessage message = UserMessage.from(ImageContent.from(shown), TextContent.from(request(prompt, width, height, area)));
      GenerationResult answer = answer(message, defaultRequestParameters(), grammar(Overlay.start(width, height)));
      String svg = SvgDocument.in(answer.text());
      Overlay overlay = new Overlay(encoded.decode(), area, svg);
      return response(answer, svg, format == Format.SVG ? overlay.embedded() : overlay.png());
    });
  }

  private Constraint grammar(String start) {
    synchronized (grammars) {
      return grammars.computeIfAbsent(start, key -> Constraint.of(
          key.equals(ANY_SIZE) ? SvgGrammar.any() : SvgGrammar.on(key), engine().tokenTable()));
    }
  }

  private GenerationResult answer(UserMessage message, LlavaChatRequestParameters parameters, Constraint constraint) {
    GenerationRequest plain =
        prepare(ChatRequest.builder().messages(message).parameters(parameters).build()).generation();
    int most = getOrDefault(parameters.maxOutputTokens(), DEFAULT_MAX_TOKENS);
    // The template's stop strings may stand in a drawing's texts; the grammar ends it without them.
    GenerationResult answer = engine().generate(new GenerationRequest(
        plain.prompt(), plain.pictures(), plain.sampling(), most, List.of(), false, plain.timeout(), plain.salt(),
        constraint, -1));
    log().drawing(answer);
    return answer;
  }

  private Response<Image> response(GenerationResult answer, String svg, byte[] data) {
    Image image = Image.builder()
        .base64Data(Base64.getEncoder().encodeToString(data))
        .mimeType(format == Format.SVG ? SvgDocument.TYPE : PngImages.TYPE)
        .revisedPrompt(svg)
        .build();
    return Response.from(image, ResponseMapper.usage(answer), ResponseMapper.finishReason(answer));
  }

  private static String request(String prompt) {
    String wanted = sentence(prompt);
    String verb = wanted.toLowerCase(Locale.ROOT).startsWith("draw ") ? "" : "Draw ";
    return verb + wanted + " as svg.";
  }

  private static String request(String prompt, int width, int height, @Nullable EditMask area) {
    String request = sentence(prompt) + ". Answer with an svg of " + width + " x " + height
        + " pixels that is drawn over the picture.";
    return area == null ? request : request + " " + area.inWords();
  }

  private static String sentence(String prompt) {
    return prompt.strip().replaceFirst("[.!]+$", "");
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects the settings of a {@link LlavaImageModel}. */
  public static class Builder extends LlavaModelBuilder<Builder> {

    private @Nullable Format format;

    /** Public so that it can be extended. */
    public Builder() {}

    /** What drawings are handed over as; {@link Format#SVG} unless set. */
    public Builder format(@Nullable Format value) {
      format = value;
      return this;
    }

    @Override
    protected Builder self() {
      return this;
    }

    /**
     * Makes the model.
     *
     * @throws dev.langchain4j.exception.ModelNotFoundException if the model's files are missing or cannot be used
     * @throws UnsupportedFeatureException if the format is PNG and jsvg is not on the class path, or if the settings ask for
     *     stop sequences, tools or a response format
     */
    public LlavaImageModel build() {
      if (format == Format.PNG) {
        PngImages.requireRenderer();
      }
      LlavaImageModel model = new LlavaImageModel(this);
      try {
        requireSupported(model.defaultRequestParameters());
      } catch (UnsupportedFeatureException e) {
        model.close();
        throw e;
      }
      return model;
    }
  }
}
