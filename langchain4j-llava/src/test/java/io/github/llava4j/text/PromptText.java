package io.github.llava4j.text;

import java.util.List;
import java.util.stream.Collectors;

/** Prompts as people read them. */
final class PromptText {

  private PromptText() {}

  static String of(List<PromptPart> parts) {
    return parts.stream()
        .map(
            part ->
                switch (part) {
                  case PromptPart.Text text -> text.text();
                  case PromptPart.Special special -> special.token();
                  case PromptPart.Image image -> PromptPart.IMAGE_MARK;
                })
        .collect(Collectors.joining());
  }
}
