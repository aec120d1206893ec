package io.github.llava4j.langchain4j.tool;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The tools of a request and what an answer may do with them.
 *
 * @param tools at least one
 * @param required whether the answer must be calls
 * @param maxCalls most calls of one answer
 * @param thought most characters of a line of thought before the decision; 0 for no such line
 */
public record ToolSet(List<Tool> tools, boolean required, int maxCalls, int thought) {

  /** What an answer in words is called, unless a tool has that name. */
  public static final String ANSWER = "answer";

  public ToolSet {
    tools = List.copyOf(tools);
  }

  /** The word that says that no tool is called. */
  public String answerWord() {
    return Stream.concat(
            Stream.of(ANSWER, "reply"), IntStream.iterate(1, i -> i + 1).mapToObj(i -> ANSWER + "_" + i))
        .filter(word -> tools.stream().noneMatch(tool -> tool.name().equals(word)))
        .findFirst()
        .orElseThrow();
  }
}
