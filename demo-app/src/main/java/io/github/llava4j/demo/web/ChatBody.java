package io.github.llava4j.demo.web;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonCreator;

/**
 * A question with the conversation before it. What is null has the model's default.
 *
 * @param messages oldest first; the last is the user's, and is answered
 * @param maxTokens most tokens of the answer
 * @param temperature 0 always takes the likeliest token
 * @param seed of the random numbers: the same request gives the same answer
 */
record ChatBody(List<Message> messages, Integer maxTokens, Double temperature, Long seed) {

  /**
   * One message.
   *
   * @param role {@code user}, {@code assistant} or {@code system}
   * @param images pictures that are shown before the text; a user's only
   */
  record Message(String role, String text, List<Image> images) {

    Message {
      images = images == null ? List.of() : images;
    }
  }

  /**
   * A picture, in base64. In JSON also a string {@code data:image/png;base64,...}.
   *
   * @param mimeType what the client thinks it is
   */
  record Image(String mimeType, String base64) {

    private static final String SCHEME = "data:";
    private static final String BASE64 = ";base64,";

    @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
    Image {
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Image of(String address) {
      int comma = address.indexOf(',');
      if (!address.startsWith(SCHEME) || comma < 0 || !address.startsWith(BASE64, comma + 1 - BASE64.length())) {
        throw new InvalidChatException("an image must be of the form data:image/png;base64,... or an object with"
            + " mimeType and base64: no address is fetched, and no file opened");
      }
      return new Image(
          address.substring(SCHEME.length(), comma + 1 - BASE64.length()), address.substring(comma + 1));
    }
  }
}
