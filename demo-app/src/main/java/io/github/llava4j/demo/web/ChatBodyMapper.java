package io.github.llava4j.demo.web;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.github.llava4j.ImageFormatException;
import io.github.llava4j.langchain4j.LlavaChatRequestParameters;
import org.jspecify.annotations.Nullable;

/** Says HTTP's requests in LangChain4j's words. Only pictures that are in the request itself get through. */
final class ChatBodyMapper {

  private ChatBodyMapper() {}

  /**
   * Maps a request.
   *
   * @throws RefusedException if it is no conversation that can be answered
   * @throws ImageFormatException if something is sent as a picture that does not call itself one
   */
  static ChatRequest map(ChatBody body) {
    List<ChatBody.Message> messages = body.messages();
    if (messages == null || messages.isEmpty()) {
      throw RefusedException.invalid("messages: expected at least one");
    }
    List<ChatMessage> mapped = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      mapped.add(message(messages.get(i), "messages[" + i + "]"));
    }
    if (!(mapped.getLast() instanceof UserMessage)) {
      throw RefusedException.invalid("messages: the last must be the user's");
    }
    return ChatRequest.builder()
        .messages(mapped)
        .parameters(LlavaChatRequestParameters.builder()
            .maxOutputTokens(maxTokens(body.maxTokens()))
            .temperature(body.temperature() == null ? null : body.temperature().doubleValue())
            .seed(seed(body.seed()))
            .build())
        .build();
  }

  private static @Nullable Integer maxTokens(@Nullable BigDecimal value) {
    return value == null ? null : (int) whole(value, 1, Integer.MAX_VALUE, "maxTokens");
  }

  private static @Nullable Long seed(@Nullable BigDecimal value) {
    return value == null ? null : whole(value, Long.MIN_VALUE, Long.MAX_VALUE, "seed");
  }

  /** Compares first: the digits of 1e999999999 do not fit into memory. */
  private static long whole(BigDecimal value, long least, long most, String name) {
    if (value.compareTo(BigDecimal.valueOf(least)) < 0 || value.compareTo(BigDecimal.valueOf(most)) > 0
        || value.stripTrailingZeros().scale() > 0) {
      throw RefusedException.invalid(
          name + " must be a whole number from " + least + " to " + most + ", not " + shortened(value.toString()));
    }
    return value.longValueExact();
  }

  private static String shortened(String number) {
    return number.length() <= 30 ? number : number.substring(0, 30) + "...";
  }

  private static ChatMessage message(ChatBody.@Nullable Message message, String where) {
    if (message == null) {
      throw RefusedException.invalid(where + ": expected an object");
    }
    String text = message.text() == null ? "" : message.text();
    String role = message.role() == null ? "" : message.role();
    if (!role.equals("user") && !message.images().isEmpty()) {
      throw RefusedException.invalid(where + ": only a user's message can have images");
    }
    return switch (role) {
      case "user" -> UserMessage.from(contents(message, text, where));
      case "assistant" -> AiMessage.from(text);
      case "system" -> SystemMessage.from(requireText(text, where));
      default -> throw RefusedException.invalid(where + ".role: expected user, assistant or system");
    };
  }

  private static List<Content> contents(ChatBody.Message message, String text, String where) {
    List<Content> contents = new ArrayList<>();
    for (ChatBody.Image image : message.images()) {
      contents.add(image(image, where + ".images[" + contents.size() + "]"));
    }
    if (contents.isEmpty() || !text.isBlank()) {
      contents.add(TextContent.from(requireText(text, where)));
    }
    return contents;
  }

  private static Content image(ChatBody.@Nullable Image image, String where) {
    if (image == null || image.base64() == null || image.base64().isEmpty()) {
      throw RefusedException.invalid(where + ": expected a picture in base64");
    }
    // The engine looks at the bytes; this is only so that a PDF is told what it is.
    if (image.mimeType() == null || !image.mimeType().toLowerCase(Locale.ROOT).startsWith("image/")) {
      throw new ImageFormatException(where + ": expected a type like image/png, not " + image.mimeType());
    }
    return ImageContent.from(image.base64(), image.mimeType());
  }

  private static String requireText(String text, String where) {
    if (text.isBlank()) {
      throw RefusedException.invalid(where + ": expected a text");
    }
    return text;
  }
}
