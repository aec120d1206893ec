package io.github.llava4j.text;

import java.util.ArrayList;
import java.util.List;

import io.github.llava4j.PromptException;
import io.github.llava4j.kernels.Internal;
import io.github.llava4j.text.Turn.Content;
import io.github.llava4j.text.Turn.Role;

/**
 * A template as data: what stands around each kind of message. {@link ChatTemplates} holds them.
 *
 * @param name as the original LLaVA calls it, or "hf_..." for Hugging Face's own
 * @param defaultSystem system text where the conversation does not begin with one; empty for none
 * @param system around system text
 * @param systemInUserTurn whether system text goes to the front of the next user turn, inside its frame
 * @param user around a user's turn
 * @param assistant around an answer
 * @param opening what a prompt ends with so that the model answers
 * @param afterImage what separates a picture from what follows it in a turn
 * @param stopTokens special tokens that end an answer besides the vocabulary's own end-of-sequence token
 * @param stopStrings texts that end an answer: a model may spell out what should have been a special token
 */
@Internal
public record FrameTemplate(
    String name,
    String defaultSystem,
    Frame system,
    boolean systemInUserTurn,
    Frame user,
    Frame assistant,
    List<PromptPart> opening,
    String afterImage,
    List<String> stopTokens,
    List<String> stopStrings)
    implements ChatTemplate {

  /** Opens every user turn of Llama 2; dropped in front of the first, where the tokenizer adds it. */
  static final PromptPart BEGIN = new PromptPart.Special("<s>");

  public FrameTemplate {
    opening = List.copyOf(opening);
    stopTokens = List.copyOf(stopTokens);
    stopStrings = List.copyOf(stopStrings);
  }

  /**
   * What stands around a message.
   *
   * @param before in front of its contents
   * @param afterText behind its text; Hugging Face's Vicuna template writes it behind each of several
   * @param after at the very end
   */
  public record Frame(List<PromptPart> before, String afterText, List<PromptPart> after) {

    public Frame {
      before = List.copyOf(before);
      after = List.copyOf(after);
    }
  }

  @Override
  public List<PromptPart> render(List<Turn> turns, ImageOrder order) {
    Writer writer = new Writer(order);
    if (!defaultSystem.isEmpty() && (turns.isEmpty() || turns.getFirst().role() != Role.SYSTEM)) {
      writer.write(Turn.of(Role.SYSTEM, defaultSystem));
    }
    turns.forEach(writer::write);
    writer.flushSystem();
    writer.parts.addAll(opening);
    boolean begins = !writer.parts.isEmpty() && writer.parts.getFirst().equals(BEGIN);
    return List.copyOf(begins ? writer.parts.subList(1, writer.parts.size()) : writer.parts);
  }

  /** The state of one {@link #render} call. */
  private final class Writer {

    private final ImageOrder order;
    private final List<PromptPart> parts = new ArrayList<>();
    private final List<PromptPart> systemForUser = new ArrayList<>();

    Writer(ImageOrder order) {
      this.order = order;
    }

    void write(Turn turn) {
      switch (turn.role()) {
        case SYSTEM -> {
          if (turn.contents().contains(new Content.Image())) {
            throw new PromptException("A system message cannot hold a picture");
          }
          List<PromptPart> target = systemInUserTurn ? systemForUser : parts;
          write(target, system, List.of(), turn.contents());
        }
        case USER -> {
          write(parts, user, systemForUser, turn.contents());
          systemForUser.clear();
        }
        case ASSISTANT -> {
          flushSystem();
          write(parts, assistant, List.of(), turn.contents());
        }
      }
    }

    /** System text that no user turn follows gets one of its own. */
    void flushSystem() {
      if (!systemForUser.isEmpty()) {
        write(Turn.of(Role.USER, ""));
      }
    }

    private void write(List<PromptPart> out, Frame frame, List<PromptPart> lead, List<Content> contents) {
      out.addAll(frame.before());
      out.addAll(lead);
      switch (order) {
        case IN_PLACE -> {
          Interleaved.walk(contents, afterImage, gap -> text(out, gap), content -> {
            switch (content) {
              case Content.Text(String text) -> text(out, text);
              case Content.Image() -> out.add(new PromptPart.Image());
            }
          });
          text(out, frame.afterText());
        }
        case TEMPLATE -> imagesFirst(out, frame, contents);
      }
      out.addAll(frame.after());
    }

    private void imagesFirst(List<PromptPart> out, Frame frame, List<Content> contents) {
      for (Content content : contents) {
        if (content instanceof Content.Image) {
          out.add(new PromptPart.Image());
          text(out, afterImage);
        }
      }
      for (Content content : contents) {
        if (content instanceof Content.Text(String text)) {
          text(out, text);
          text(out, frame.afterText());
        }
      }
    }

    private static void text(List<PromptPart> out, String text) {
      if (!text.isEmpty()) {
        out.add(new PromptPart.Text(text));
      }
    }
  }
}
