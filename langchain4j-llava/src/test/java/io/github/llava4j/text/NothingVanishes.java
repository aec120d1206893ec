package io.github.llava4j.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.github.llava4j.PromptException;
import io.github.llava4j.text.Turn.Content;
import io.github.llava4j.text.Turn.Role;

import static org.assertj.core.api.Assertions.assertThat;

/** A property of every template: what was said is in the prompt, or the prompt is refused. */
final class NothingVanishes {

  private static final int CONVERSATIONS = 300;

  private NothingVanishes() {}

  static void check(ChatTemplate template, Random random) {
    int written = 0;
    for (int i = 0; i < CONVERSATIONS; i++) {
      List<Turn> turns = conversation(random);
      for (ImageOrder order : ImageOrder.values()) {
        List<PromptPart> parts;
        try {
          parts = template.render(turns, order);
        } catch (PromptException e) {
          continue;
        }
        written++;
        String prompt = PromptText.of(parts);
        long pictures = 0;
        for (Turn turn : turns) {
          for (Content content : turn.contents()) {
            switch (content) {
              case Content.Text(String text) -> assertThat(prompt).as("%s", turns).contains(text.strip());
              case Content.Image() -> pictures++;
            }
          }
        }
        assertThat(parts.stream().filter(PromptPart.Image.class::isInstance).count()).isEqualTo(pictures);
      }
    }
    assertThat(written).isGreaterThan(CONVERSATIONS / 20);
  }

  private static List<Turn> conversation(Random random) {
    List<Turn> turns = new ArrayList<>();
    int length = 1 + random.nextInt(5);
    for (int i = 0; i < length; i++) {
      Role role = Role.values()[random.nextInt(3)];
      List<Content> contents = new ArrayList<>();
      int pieces = role == Role.USER ? 1 + random.nextInt(3) : 1;
      for (int j = 0; j < pieces; j++) {
        contents.add(role == Role.USER && random.nextInt(3) == 0
            ? new Content.Image()
            : new Content.Text((random.nextBoolean() ? " " : "") + "said" + i + "-" + j + (random.nextBoolean() ? "." : " ")));
      }
      turns.add(new Turn(role, contents));
    }
    return turns;
  }
}
