package io.github.llava4j.demo.web;

import java.math.BigDecimal;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonCreator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * A question with the conversation before it. What is null has the model's default.
 *
 * @param messages oldest first; the last is the user's, and is answered
 * @param maxTokens most tokens of the answer
 * @param temperature 0 always takes the likeliest token
 * @param seed of the random numbers: the same request gives the same answer as long as it is answered alone
 */
record ChatBody(
    @Nullable List<@Nullable Message> messages, @Nullable BigDecimal maxTokens, @Nullable BigDecimal temperature,
    @Nullable BigDecimal seed) {

  /**
   * Takes nothing for what it is not, and says nothing of what it does not know. A picture in base64 is one string;
   * the limit of the body limits it.
   */
  private static final JsonMapper STRICT = JsonMapper
      .builder(JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build())
      .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
      .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
      .withCoercionConfig(LogicalType.Textual, texts -> {
        texts.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
        texts.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
        texts.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
      })
      .build();

  /**
   * Reads a body: the first {@code count} bytes of {@code json}.
   *
   * @throws RefusedException if it is no chat
   */
  static ChatBody parse(byte[] json, int count) {
    try {
      ChatBody body = STRICT.readValue(json, 0, count, ChatBody.class);
      if (body == null) {
        throw RefusedException.invalid(UnreadableBody.NO_OBJECT);
      }
      return body;
    } catch (JacksonException e) {
      throw e.getCause() instanceof RefusedException known ? known : RefusedException.invalid(UnreadableBody.describe(e));
    }
  }

  /**
   * One message.
   *
   * @param role {@code user}, {@code assistant} or {@code system}
   * @param images pictures that are shown before the text; a user's only
   */
  record Message(@Nullable String role, @Nullable String text, List<@Nullable Image> images) {

    Message {
      images = images == null ? List.of() : images;
    }
  }

  /**
   * A picture, in base64. In JSON also a string {@code data:image/png;base64,...}.
   *
   * @param mimeType what the client thinks it is
   */
  record Image(@Nullable String mimeType, @Nullable String base64) {

    private static final String SCHEME = "data:";
    private static final String BASE64 = ";base64,";

    @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
    Image {
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Image of(String address) {
      int comma = address.indexOf(',');
      if (!address.startsWith(SCHEME) || comma < 0 || !address.startsWith(BASE64, comma + 1 - BASE64.length())) {
        throw RefusedException.invalid("an image must be of the form data:image/png;base64,... or an object with"
            + " mimeType and base64: no address is fetched, and no file opened");
      }
      return new Image(
          address.substring(SCHEME.length(), comma + 1 - BASE64.length()), address.substring(comma + 1));
    }
  }
}
