package io.github.llava4j.langchain4j;

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
import dev.langchain4j.exception.UnsupportedFeatureException;
import io.github.llava4j.engine.GenerationRequest.Input;
import io.github.llava4j.text.Turn;
import io.github.llava4j.text.Turn.Role;

/**
 * Turns LangChain4j's messages into turns and pictures, everything in the order in which it was given.
 *
 * <p>Not passed on, because no template of LLaVA has a place for it: a user's name, an answer's thinking, attributes.
 * Refused: tool calls and their results, contents other than text and pictures.
 */
final class MessageMapper {

  /** A conversation, and one picture for each image in it. */
  record Conversation(List<Turn> turns, List<Input> pictures) {}

  private final PictureReader reader;
  private final LowDetail lowDetail;

  MessageMapper(PictureReader reader, LowDetail lowDetail) {
    this.reader = reader;
    this.lowDetail = lowDetail;
  }

  /** What reads the pictures of messages. */
  PictureReader reader() {
    return reader;
  }

  /**
   * Maps messages.
   *
   * @throws UnsupportedFeatureException for what the model cannot take
   * @throws io.github.llava4j.ImageException if a picture cannot be read
   */
  Conversation map(Iterable<? extends ChatMessage> messages) {
    List<Turn> turns = new ArrayList<>();
    List<Input> pictures = new ArrayList<>();
    List<ChatMessage> all = new ArrayList<>();
    messages.forEach(all::add);
    for (ChatMessage message : all) {
      String where = where(turns.size() + 1, all.size());
      turns.add(switch (message) {
        case SystemMessage system -> Turn.of(Role.SYSTEM, system.text());
        case UserMessage user -> new Turn(
            Role.USER, user.contents().stream().map(content -> content(content, pictures, where)).toList());
        case AiMessage answer -> answer(answer);
        default -> throw notSupported("messages of type " + message.type());
      });
    }
    return new Conversation(turns, pictures);
  }

  /**
   * Where a picture is, if not in the last message: a chat memory gives a picture that cannot be read to every later
   * request again, and only its owner can end that.
   */
  private static String where(int message, int count) {
    return message == count
        ? ""
        : " (in message " + message + " of " + count + "; to go on without it, remove that message from the chat memory)";
  }

  private static Turn answer(AiMessage answer) {
    if (answer.hasToolExecutionRequests()) {
      throw notSupported("tool calls");
    }
    if (!answer.images().isEmpty()) {
      throw notSupported("images in an answer");
    }
    return Turn.of(Role.ASSISTANT, answer.text() == null ? "" : answer.text());
  }

  private Turn.Content content(Content content, List<Input> pictures, String where) {
    return switch (content) {
      case TextContent text -> new Turn.Content.Text(text.text());
      case ImageContent image -> {
        String name = "image " + (pictures.size() + 1) + where;
        boolean overviewOnly = lowDetail.overviewOnly(image.detailLevel());
        pictures.add(new Input(reader.read(image.image(), name), overviewOnly));
        yield new Turn.Content.Image();
      }
      default -> throw notSupported(content.type().name().toLowerCase(Locale.ROOT) + " content");
    };
  }

  private static UnsupportedFeatureException notSupported(String what) {
    return new UnsupportedFeatureException(what + " not supported by LLaVA: it takes text and images");
  }
}
