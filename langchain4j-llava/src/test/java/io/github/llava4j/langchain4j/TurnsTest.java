package io.github.llava4j.langchain4j;

import java.util.List;
import java.util.Map;

import io.github.llava4j.PromptException;
import io.github.llava4j.text.ChatTemplate;
import io.github.llava4j.text.JinjaTemplate;
import io.github.llava4j.text.Turn;
import io.github.llava4j.text.Turn.Content;
import io.github.llava4j.text.Turn.Role;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TurnsTest {

  private static final Turn USER = Turn.of(Role.USER, "Hi");
  private static final Turn ANSWER = Turn.of(Role.ASSISTANT, "Ho");

  @Test
  void toolsStandBehindTheSystemTextOrAreIt() {
    assertThat(Turns.withSystem(List.of(Turn.of(Role.SYSTEM, "Be brief."), USER), "Tools"))
        .containsExactly(Turn.of(Role.SYSTEM, "Be brief.\n\nTools"), USER);
    assertThat(Turns.withSystem(List.of(USER), "Tools")).containsExactly(Turn.of(Role.SYSTEM, "Tools"), USER);
    assertThat(Turns.withSystem(List.of(), "Tools")).containsExactly(Turn.of(Role.SYSTEM, "Tools"));
  }

  @Test
  void aFormatStandsBehindTheLastTextOfTheUser() {
    Turn picture = new Turn(Role.USER, List.of(new Content.Text("a"), new Content.Text("b"), new Content.Image()));
    assertThat(Turns.withInstruction(List.of(USER, ANSWER, picture, ANSWER), "JSON")).containsExactly(
        USER, ANSWER,
        new Turn(Role.USER, List.of(new Content.Text("a"), new Content.Text("b\nJSON"), new Content.Image())), ANSWER);
    assertThat(Turns.withInstruction(List.of(new Turn(Role.USER, List.of(new Content.Image()))), "JSON"))
        .containsExactly(new Turn(Role.USER, List.of(new Content.Image(), new Content.Text("JSON"))));
    assertThat(Turns.withInstruction(List.of(ANSWER), "JSON")).containsExactly(ANSWER, Turn.of(Role.USER, "JSON"));
  }

  @Test
  void speakersTakeTurns() {
    Turn system = Turn.of(Role.SYSTEM, "Be brief.");
    assertThat(Turns.alternating(List.of(system, USER, ANSWER, USER))).containsExactly(system, USER, ANSWER, USER);
    assertThat(Turns.alternating(List.of(system, ANSWER, USER, USER))).containsExactly(
        system, Turn.of(Role.USER, ""), ANSWER,
        new Turn(Role.USER, List.of(new Content.Text("Hi"), new Content.Text("\n"), new Content.Text("Hi"))));
  }

  @Test
  void aTemplateThatInsistsOnTurnsGetsThem() {
    String source = """
        {% for message in messages %}{% if (message.role == 'user') != (loop.index0 % 2 == 0) %}\
        {{ raise_exception('roles must alternate') }}{% endif %}{{ message.role }}: \
        {% for part in message.content %}{% if part.type == 'image' %}<image>{% else %}{{ part.text }}{% endif %}\
        {% endfor %}|{% endfor %}{% if add_generation_prompt %}assistant:{% endif %}""";
    ChatTemplate template = JinjaTemplate.of(
        "strict", source, Goldens.engine(Goldens.VICUNA).model().variant().vocabulary(), Map.of());
    List<Turn> turns = List.of(USER, ANSWER, USER, USER);
    assertThatThrownBy(() -> template.render(turns)).isInstanceOf(PromptException.class).hasMessageContaining("alternate");
    assertThat(template.render(Turns.alternating(turns)).toString()).contains("Hi").doesNotContain("raise");
    assertThat(template.render(Turns.alternating(List.of(ANSWER, USER))).toString()).contains("Ho");
  }
}
