package io.github.llava4j.langchain4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import io.github.llava4j.engine.GenerationRequest.Input;
import io.github.llava4j.langchain4j.tool.ToolPrompt;
import io.github.llava4j.langchain4j.tool.ToolSet;
import io.github.llava4j.text.Turn;
import io.github.llava4j.text.Turn.Role;
import org.jspecify.annotations.Nullable;

import static dev.langchain4j.internal.Utils.isNullOrBlank;

/**
 * Turns LangChain4j's messages into turns and pictures, everything in the order in which it was given.
 *
 * <p>Tools stand in it as {@link ToolPrompt} says: a call is an answer in the form in which the model writes calls, the
 * results of an answer's calls are one user's turn, since LLaVA knows pictures from these only.
 *
 * <p>Not passed on, because no template of LLaVA has a place for it: a user's name, an answer's thinking, attributes.
 * Refused: contents other than text and pictures.
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
   * @param tools that the next answer may call; null for none
   * @throws UnsupportedFeatureException for what the model cannot take
   * @throws io.github.llava4j.ImageException if a picture cannot be read
   */
  Conversation map(Iterable<? extends ChatMessage> messages, @Nullable ToolSet tools) {
    List<ChatMessage> all = new ArrayList<>();
    messages.forEach(all::add);
    List<Turn> turns = new ArrayList<>();
    List<Input> pictures = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      String where = where(i + 1, all.size());
      switch (all.get(i)) {
        case SystemMessage system -> turns.add(Turn.of(Role.SYSTEM, system.text()));
        case UserMessage user -> turns.add(new Turn(
            Role.USER, user.contents().stream().map(content -> content(content, pictures, where)).toList()));
        case AiMessage answer -> turns.add(answer(answer, tools));
        case ToolExecutionResultMessage first -> {
          ResultTurn turn = new ResultTurn();
          turn.add(name(first, all), first, content -> content(content, pictures, where));
          while (i + 1 < all.size() && all.get(i + 1) instanceof ToolExecutionResultMessage next) {
            i++;
            String whereNext = where(i + 1, all.size());
            turn.add(name(next, all), next, content -> content(content, pictures, whereNext));
          }
          turns.add(turn.end(tools));
        }
        default -> throw notSupported("messages of type " + all.get(i).type());
      }
    }
    return new Conversation(turns, pictures);
  }

  /** A result's tool, which a message need not say: then its call does. */
  private static String name(ToolExecutionResultMessage result, List<ChatMessage> all) {
    if (result.toolName() != null) {
      return result.toolName();
    }
    return all.stream()
        .flatMap(message -> message instanceof AiMessage answer ? answer.toolExecutionRequests().stream() : Stream.empty())
        .filter(call -> call.id() != null && call.id().equals(result.id()))
        .map(ToolExecutionRequest::name)
        .findFirst()
        .orElse("tool");
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

  private static Turn answer(AiMessage answer, @Nullable ToolSet tools) {
    if (!answer.images().isEmpty()) {
      throw notSupported("images in an answer");
    }
    String text = answer.text() == null ? "" : answer.text();
    if (!answer.hasToolExecutionRequests()) {
      return Turn.of(Role.ASSISTANT, tools == null ? text : ToolPrompt.answer(tools.answerWord(), text));
    }
    String calls = answer.toolExecutionRequests().stream()
        .map(call -> ToolPrompt.call(call.name(), isNullOrBlank(call.arguments()) ? "{}" : call.arguments()))
        .collect(Collectors.joining("\n"));
    // What another model said in front of its calls must not get lost.
    return Turn.of(Role.ASSISTANT, text.isEmpty() ? calls : text + '\n' + calls);
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

  /** The turn that tells the results of calls: texts that follow one another as one text, pictures in place. */
  private static final class ResultTurn {

    private final List<Turn.Content> contents = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();

    void add(String tool, ToolExecutionResultMessage result, Function<Content, Turn.Content> mapper) {
      if (!contents.isEmpty() || !text.isEmpty()) {
        text.append('\n');
      }
      text.append(ToolPrompt.result(tool, Boolean.TRUE.equals(result.isError())));
      for (Content content : result.contents()) {
        switch (mapper.apply(content)) {
          case Turn.Content.Text(String more) -> text.append(more);
          case Turn.Content.Image image -> {
            flush();
            contents.add(image);
          }
        }
      }
    }

    Turn end(@Nullable ToolSet tools) {
      if (tools != null && !tools.required()) {
        text.append(ToolPrompt.afterResults(tools.answerWord()));
      }
      flush();
      return new Turn(Role.USER, contents);
    }

    private void flush() {
      if (!text.isEmpty()) {
        contents.add(new Turn.Content.Text(text.toString()));
        text.setLength(0);
      }
    }
  }
}
