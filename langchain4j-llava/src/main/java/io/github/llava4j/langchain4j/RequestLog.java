package io.github.llava4j.langchain4j;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialToolCall;
import io.github.llava4j.engine.GenerationResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Writes requests and responses to the log, for who looks for the reason of an answer. Pictures are shortened to their type,
 * size and hash, but texts are not: what people ask stands in the log then.
 */
record RequestLog(boolean requests, boolean responses) {

  private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);

  void request(ChatRequest request) {
    if (requests) {
      LOG.info("Request: {} with {}",
          request.messages().stream().map(RequestLog::text).collect(Collectors.joining(", ", "[", "]")), request.parameters());
    }
  }

  /** {@code sink}, with a line in the log for what it hears last. */
  AnswerSink logging(AnswerSink sink) {
    return responses ? new Logging(sink) : sink;
  }

  /** What the model wrote as a drawing. */
  void drawing(GenerationResult result) {
    if (responses) {
      LOG.info("Drawing: {} with {} tokens, {}", result.text(), result.outputTokens(), result.finishReason());
    }
  }

  static String text(ChatMessage message) {
    return switch (message) {
      case UserMessage user -> "user: " + contents(user.contents());
      case ToolExecutionResultMessage result -> "result of " + result.toolName() + ": " + contents(result.contents());
      default -> message.toString();
    };
  }

  private static String contents(List<Content> contents) {
    return contents.stream().map(RequestLog::text).collect(Collectors.joining(", ", "[", "]"));
  }

  private static String text(Content content) {
    return switch (content) {
      case TextContent text -> text.text();
      case ImageContent image -> text(image.image());
      default -> content.type().toString();
    };
  }

  private static String text(Image image) {
    String type = image.mimeType() == null ? "image" : image.mimeType();
    if (image.base64Data() != null) {
      return data(type, image.base64Data());
    }
    String url = String.valueOf(image.url());
    return url.startsWith("data:") ? data(type, url.substring(url.indexOf(',') + 1)) : url;
  }

  private static String data(String type, String base64) {
    byte[] bytes;
    try {
      bytes = Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      bytes = base64.getBytes(UTF_8);
    }
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return type + ", " + bytes.length + " bytes, sha256 " + HexFormat.of().formatHex(hash, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Passes on what it hears. */
  private record Logging(AnswerSink sink) implements AnswerSink {

    @Override
    public void text(String text) {
      sink.text(text);
    }

    @Override
    public void partialCall(PartialToolCall call) {
      sink.partialCall(call);
    }

    @Override
    public void completeCall(CompleteToolCall call) {
      sink.completeCall(call);
    }

    @Override
    public void response(ChatResponse response) {
      AiMessage message = response.aiMessage();
      LOG.info("Response: {} with {}", message, response.metadata());
      sink.response(response);
    }

    @Override
    public void error(RuntimeException error) {
      LOG.info("Response: failed", error);
      sink.error(error);
    }
  }
}
