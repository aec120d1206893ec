package io.github.llava4j.text;

import java.util.List;
import java.util.function.Consumer;

import io.github.llava4j.text.Turn.Content;

/** A turn's contents in the order in which the user gave them: {@link ImageOrder#IN_PLACE}. */
final class Interleaved {

  private Interleaved() {}

  /**
   * Passes on the contents and what keeps them apart: a text ends in a space before whatever follows it, unless the user
   * wrote one himself.
   *
   * @param afterImage what separates a picture from what follows it
   */
  static void walk(
      List<Content> contents, String afterImage, Consumer<String> between, Consumer<Content> content) {
    String gap = "";
    for (Content next : contents) {
      if (!gap.isEmpty()) {
        between.accept(gap);
      }
      content.accept(next);
      gap = switch (next) {
        case Content.Text(String text) ->
            text.isEmpty() || Character.isWhitespace(text.charAt(text.length() - 1)) ? "" : " ";
        case Content.Image() -> afterImage;
      };
    }
  }
}
