package io.github.llava4j.text;

import java.util.List;

/** One message of a conversation, its contents in the order in which the user gave them. */
public record Turn(Role role, List<Content> contents) {

  public Turn {
    contents = List.copyOf(contents);
  }

  /** A turn of text alone. */
  public static Turn of(Role role, String text) {
    return new Turn(role, List.of(new Content.Text(text)));
  }

  /** Who speaks. */
  public enum Role {
    SYSTEM,
    USER,
    ASSISTANT
  }

  /** A piece of a message. */
  public sealed interface Content {

    /** Text, which stays text whatever it says: {@code </s>} or {@code <image>} in it means nothing. */
    record Text(String text) implements Content {}

    /** A picture. */
    record Image() implements Content {}
  }
}
