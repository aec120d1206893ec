package io.github.llava4j.langchain4j;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.image.ImageModel;
import dev.langchain4j.model.output.Response;
import io.github.llava4j.engine.GenerationResult;

/**
 * Pictures that a LLaVA model draws as LangChain4j's {@link ImageModel}: the model writes an SVG document, which comes
 * back as base64 with the type {@code image/svg+xml}. llava-mini draws one or two plain shapes; what other models can
 * draw is up to them. Thread-safe.
 *
 * <p>The document is checked: it is well-formed SVG that loads nothing and runs nothing ({@link SvgDocument}). What the
 * model says instead of drawing is an exception.
 */
public class LlavaImageModel extends LlavaBaseChatModel implements ImageModel {

  static final String SVG = "image/svg+xml";

  protected LlavaImageModel(Builder builder) {
    super(builder);
  }

  /**
   * Draws one picture.
   *
   * @param prompt what to draw, such as {@code a red circle left of a blue square}
   * @throws dev.langchain4j.exception.LangChain4jException if the model did not answer with an SVG document
   */
  @Override
  public Response<Image> generate(String prompt) {
    String request = request(prompt);
    return LlavaExceptionMapper.INSTANCE.withExceptionMapper(() -> {
      GenerationResult answer =
          engine().generate(requests().map(List.of(UserMessage.from(request)), defaultRequestParameters()).generation());
      String svg = SvgDocument.in(answer.text());
      Image image = Image.builder()
          .base64Data(Base64.getEncoder().encodeToString(svg.getBytes(StandardCharsets.UTF_8)))
          .mimeType(SVG)
          .revisedPrompt(request)
          .build();
      return Response.from(
          image, ResponseMapper.usage(answer), ResponseMapper.finishReason(answer));
    });
  }

  private static String request(String prompt) {
    String wanted = prompt.strip().replaceFirst("[.!]+$", "");
    String verb = wanted.toLowerCase(Locale.ROOT).startsWith("draw ") ? "" : "Draw ";
    return verb + wanted + " as svg.";
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects the settings of a {@link LlavaImageModel}. */
  public static class Builder extends LlavaModelBuilder<Builder> {

    /** Public so that it can be extended. */
    public Builder() {}

    @Override
    protected Builder self() {
      return this;
    }

    /**
     * Makes the model.
     *
     * @throws dev.langchain4j.exception.ModelNotFoundException if the model's files are missing or cannot be used
     */
    public LlavaImageModel build() {
      return new LlavaImageModel(this);
    }
  }
}
