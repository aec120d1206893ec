package io.github.llava4j.text.jinja;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** A template that was read. Immutable and thread-safe. */
public final class Template {

  private final List<Node> nodes;

  private Template(List<Node> nodes) {
    this.nodes = nodes;
  }

  /**
   * Reads a template.
   *
   * @throws JinjaException if it is damaged or uses what is not supported
   */
  public static Template parse(String source) {
    return new Template(Parser.parse(source));
  }

  /**
   * What the template writes.
   *
   * @param variables the template's names; values are null, Boolean, Long, Double, {@link Marked}, List and Map, the
   *     keys of a Map {@link Marked}
   * @throws JinjaException if the template fails, raises an exception of its own or does not come to an end
   */
  public Marked render(Map<String, @Nullable Object> variables) {
    return new Interpreter(variables).run(nodes);
  }
}
