package io.github.llava4j.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.llava4j.PromptException;
import io.github.llava4j.text.Turn.Content;
import io.github.llava4j.text.Turn.Role;

/**
 * How a model wants its conversations written, as data; {@link ChatTemplates} holds the known ones.
 *
 * @param name as the original LLaVA calls it, or "hf_..." for Hugging Face's own
 * @param defaultSystem system text where the conversation has none; empty for none
 * @param system around system text
 * @param systemInUserTurn whether system text goes to the front of the next user turn, inside its frame
 * @param user around a user's turn
 * @param assistant around an answer
 * @param opening what a prompt ends with so that the model answers
 * @param afterImage what separates a picture from what follows it in a turn
 * @param order where pictures go within a turn
 * @param stopTokens special tokens that end an answer besides the vocabulary's own end-of-sequence token
 * @param stopStrings texts that end an answer: a model may spell out what should have been a special token
 */
public record ChatTemplate(
    String name,
    String defaultSystem,
    Frame system,
    boolean systemInUserTurn,
    Frame user,
    Frame assistant,
    List<PromptPart> opening,
    String afterImage,
    ImageOrder order,
    List<String> stopTokens,
    List<String> stopStrings) {

  /** Opens every user turn of Llama 2; dropped in front of the first, where the tokenizer adds it. */
  static final PromptPart BEGIN = new PromptPart.Special("<s>");

  public ChatTemplate {
    opening = List.copyOf(opening);
    stopTokens = List.copyOf(stopTokens);
    stopStrings = List.copyOf(stopStrings);
  }

  /** Where a turn's pictures go. */
  public enum ImageOrder {
    /** Where the user put them. */
    IN_PLACE,
    /** In front of the turn's text, as Hugging Face's templates do, which write texts without anything between them. */
    FIRST
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

  /** The same template with pictures placed another way. */
  public ChatTemplate withOrder(ImageOrder other) {
    return new ChatTemplate(
        name, defaultSystem, system, systemInUserTurn, user, assistant, opening, afterImage, other, stopTokens,
        stopStrings);
  }

  /**
   * Writes a conversation as a prompt. The beginning-of-sequence token is not part of it; the tokenizer adds it.
   *
   * @param addGenerationPrompt whether the model is to answer next
   * @throws PromptException if a system message holds a picture
   */
  public List<PromptPart> render(List<Turn> turns, boolean addGenerationPrompt) {
    Writer writer = new Writer();
    if (!defaultSystem.isEmpty() && (turns.isEmpty() || turns.getFirst().role() != Role.SYSTEM)) {
      writer.write(Turn.of(Role.SYSTEM, defaultSystem));
    }
    turns.forEach(writer::write);
    if (addGenerationPrompt) {
      writer.parts.addAll(opening);
    }
    boolean begins = !writer.parts.isEmpty() && writer.parts.getFirst().equals(BEGIN);
    return List.copyOf(begins ? writer.parts.subList(1, writer.parts.size()) : writer.parts);
  }

  /** Ids that end an answer: the vocabulary's end of sequence and those of {@link #stopTokens} that it knows. */
  public Set<Integer> stopIds(Vocabulary vocabulary) {
    return Stream.concat(
            Stream.of(vocabulary.eos()),
            stopTokens.stream().flatMap(token -> vocabulary.special(token).stream().boxed()))
        .filter(id -> id >= 0)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The state of one {@link #render} call. */
  private final class Writer {

    private final List<PromptPart> parts = new ArrayList<>();
    private final List<PromptPart> systemForUser = new ArrayList<>();

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
        case ASSISTANT -> write(parts, assistant, List.of(), turn.contents());
      }
    }

    private void write(List<PromptPart> out, Frame frame, List<PromptPart> lead, List<Content> contents) {
      out.addAll(frame.before());
      out.addAll(lead);
      switch (order) {
        case IN_PLACE -> inPlace(out, frame, contents);
        case FIRST -> imagesFirst(out, frame, contents);
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

    /** Text and what follows it are kept apart by a space unless the user did so himself. */
    private void inPlace(List<PromptPart> out, Frame frame, List<Content> contents) {
      String gap = "";
      for (Content content : contents) {
        text(out, gap);
        switch (content) {
          case Content.Text(String text) -> {
            text(out, text);
            boolean apart = text.isEmpty() || Character.isWhitespace(text.charAt(text.length() - 1));
            gap = apart ? "" : " ";
          }
          case Content.Image() -> {
            out.add(new PromptPart.Image());
            gap = afterImage;
          }
        }
      }
      text(out, frame.afterText());
    }

    private static void text(List<PromptPart> out, String text) {
      if (!text.isEmpty()) {
        out.add(new PromptPart.Text(text));
      }
    }
  }
}
