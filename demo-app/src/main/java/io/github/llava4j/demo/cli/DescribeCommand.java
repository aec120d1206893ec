package io.github.llava4j.demo.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.llava4j.demo.tools.trace.TraceFiles;
import io.github.llava4j.engine.GenerationResult;
import io.github.llava4j.engine.LlavaEngine;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Answers one question. */
@Command(
    name = "describe",
    description = "Answers a question about pictures.",
    sortOptions = false)
final class DescribeCommand implements Callable<Integer> {

  /** The two ways to give a prompt. */
  static final class Prompt {
    @Option(
        names = "--prompt",
        required = true,
        paramLabel = "TEXT",
        description = "The question; the pictures come before it, and the model's own template goes around both.")
    private @Nullable String words;

    @Option(
        names = "--raw-prompt",
        required = true,
        paramLabel = "TEXT",
        description = "The whole prompt as it is, with <image> where pictures go; no template is applied.")
    private @Nullable String raw;
  }

  private final Terminal terminal;

  @Mixin
  private ModelOptions model;

  @Option(names = "--image", paramLabel = "FILE", description = "A picture; repeatable, in the order of the prompt.")
  private @Nullable List<Path> images;

  @ArgGroup(multiplicity = "1")
  private Prompt prompt;

  @Mixin
  private AnswerOptions answer;

  @Mixin
  private TimeoutOption timeout;

  @Option(names = "--json", description = "Print one JSON object in place of the streamed text.")
  private boolean json;

  @Option(
      names = "--trace",
      paramLabel = "DIR",
      description = "Write the numbers between the stages as numpy files to this folder.")
  private @Nullable Path trace;

  DescribeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    Question question = question();
    if (trace != null) {
      // A wrong path should be known before the answer is.
      Files.createDirectories(trace);
    }
    Progress progress = new Progress(terminal);
    LlavaEngine engine = model.open(trace != null, progress);
    try (Conversation conversation = new Conversation(engine, progress)) {
      Question.Prepared prepared = question.prepare(engine.model(), trace != null);
      GenerationResult result = conversation.ask(prepared.request(), json ? text -> { } : stream());
      if (json) {
        ObjectNode object = AnswerJson.MAPPER.createObjectNode();
        AnswerJson.fill(object, result, engine, prepared.imageMs());
        terminal.out().println(object);
      } else {
        terminal.out().println();
      }
      terminal.out().flush();
      if (trace != null && result.trace() != null) {
        TraceFiles.write(result.trace(), engine.model().config(), trace);
      }
    }
    return Failures.OK;
  }

  private Question question() {
    return new Question(
        images == null ? List.of() : images,
        prompt.words, prompt.raw, answer.sampling(), answer.maxTokens, answer.stop(), answer.detail(),
        timeout.value());
  }

  private Consumer<String> stream() {
    return text -> {
      terminal.out().print(text);
      terminal.out().flush();
    };
  }
}
