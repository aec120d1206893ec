package io.github.llava4j.langchain4j.tool;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.llava4j.ConstraintException;
import io.github.llava4j.langchain4j.json.SchemaNodes;
import org.jspecify.annotations.Nullable;

/**
 * A tool that an answer may call.
 *
 * @param description one line; null for none
 * @param schema of its arguments, an object
 */
public record Tool(String name, @Nullable String description, JsonNode schema) {

  /**
   * The tools of a request, in its order.
   *
   * @throws ConstraintException if a name cannot stand in a line of text, or two are equal, or a schema is wrong
   */
  public static List<Tool> of(List<ToolSpecification> specifications) {
    Set<String> names = new HashSet<>();
    return specifications.stream().map(specification -> {
      Tool tool = of(specification);
      if (!names.add(tool.name)) {
        throw new ConstraintException("two tools have the name \"" + tool.name + "\"; a call must say which one it means");
      }
      return tool;
    }).toList();
  }

  private static Tool of(ToolSpecification specification) {
    String name = specification.name();
    if (name.codePoints().anyMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE)) {
      throw new ConstraintException("the tool name \"" + name.replaceAll("\\p{Cntrl}", "?")
          + "\" has a line break, another control character or half of a character; rename the tool");
    }
    String description = specification.description();
    String line = description == null ? "" : description.strip().replaceAll("\\s*\\R\\s*", " ");
    try {
      return new Tool(name, line.isEmpty() ? null : line, SchemaNodes.ofParameters(specification.parameters()));
    } catch (ConstraintException e) {
      throw new ConstraintException("tool " + name + ": " + e.getMessage(), e);
    }
  }
}
