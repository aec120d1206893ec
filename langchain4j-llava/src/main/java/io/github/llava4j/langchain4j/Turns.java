package io.github.llava4j.langchain4j;

import java.util.ArrayList;
import java.util.List;

import io.github.llava4j.text.Turn;
import io.github.llava4j.text.Turn.Content;
import io.github.llava4j.text.Turn.Role;

/** What is added to a conversation on its way to the model. */
final class Turns {

  private Turns() {}

  /** With {@code text} behind the system text, or as system text where there is none. */
  static List<Turn> withSystem(List<Turn> turns, String text) {
    List<Turn> out = new ArrayList<>(turns);
    if (turns.isEmpty() || turns.getFirst().role() != Role.SYSTEM) {
      out.addFirst(Turn.of(Role.SYSTEM, text));
    } else {
      out.set(0, new Turn(Role.SYSTEM, withText(turns.getFirst().contents(), "\n\n", text)));
    }
    return out;
  }

  /** With {@code text} in a line of its own at the end of what the user said last. */
  static List<Turn> withInstruction(List<Turn> turns, String text) {
    List<Turn> out = new ArrayList<>(turns);
    for (int i = turns.size() - 1; i >= 0; i--) {
      if (turns.get(i).role() == Role.USER) {
        out.set(i, new Turn(Role.USER, withText(turns.get(i).contents(), "\n", text)));
        return out;
      }
    }
    out.add(Turn.of(Role.USER, text));
    return out;
  }

  /** Behind the last text of {@code contents}, wherever its pictures are; alone if there is none. */
  private static List<Content> withText(List<Content> contents, String gap, String text) {
    List<Content> out = new ArrayList<>(contents);
    for (int i = contents.size() - 1; i >= 0; i--) {
      if (contents.get(i) instanceof Content.Text(String before)) {
        out.set(i, new Content.Text(before.isEmpty() ? text : before + gap + text));
        return out;
      }
    }
    out.add(new Content.Text(text));
    return out;
  }

  /**
   * The same conversation for templates in which the user begins and speakers take turns: results of tools and a question
   * behind them become one turn; a memory that has forgotten its beginning may start with an answer.
   */
  static List<Turn> alternating(List<Turn> turns) {
    List<Turn> out = new ArrayList<>();
    for (Turn turn : turns) {
      Turn last = out.isEmpty() ? null : out.getLast();
      if (last != null && last.role() == turn.role()) {
        List<Content> both = new ArrayList<>(last.contents());
        both.add(new Content.Text("\n"));
        both.addAll(turn.contents());
        out.set(out.size() - 1, new Turn(turn.role(), both));
      } else {
        if (turn.role() == Role.ASSISTANT && (last == null || last.role() == Role.SYSTEM)) {
          out.add(Turn.of(Role.USER, ""));
        }
        out.add(turn);
      }
    }
    return out;
  }
}
