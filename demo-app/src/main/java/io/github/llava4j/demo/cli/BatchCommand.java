package io.github.llava4j.demo.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.llava4j.demo.tools.trace.TraceFiles;
import io.github.llava4j.engine.FinishReason;
import io.github.llava4j.engine.GenerationResult;
import io.github.llava4j.engine.LlavaEngine;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Answers a file of requests with one loaded model. */
@Command(
    name = "batch",
    description = "Answers many requests, one JSON object per line: "
        + "{\"id\", \"images\": [...], \"prompt\" or \"rawPrompt\", \"maxTokens\", \"temperature\", \"topK\", \"topP\", "
        + "\"minP\", \"seed\", \"detail\", \"stop\": [...], \"repetitionPenalty\", \"frequencyPenalty\", "
        + "\"presencePenalty\"}. Paths of pictures are relative to the file.",
    sortOptions = false)
final class BatchCommand implements Callable<Integer> {

  private final Terminal terminal;
  private final Set<JsonNode> seen = new HashSet<>();

  @Mixin
  private ModelOptions model;

  @Option(names = "--requests", required = true, paramLabel = "FILE.jsonl", description = "The requests.")
  private Path requests;

  @Option(names = "--out", paramLabel = "FILE.jsonl", description = "Where the answers go (default: stdout).")
  private @Nullable Path out;

  @Option(
      names = "--trace",
      paramLabel = "DIR",
      description = "Write the numbers between the stages of each request to DIR/<id>/.")
  private @Nullable Path trace;

  @Mixin
  private TimeoutOption timeout;

  BatchCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    if (trace != null) {
      Files.createDirectories(trace);
    }
    timeout.value();
    Progress progress = new Progress(terminal);
    // Opened before the model is loaded, which may take long: a wrong path should be known at once.
    try (BufferedReader lines = TextFile.open(requests);
        PrintStream file = out == null ? null : new PrintStream(Files.newOutputStream(out), true, StandardCharsets.UTF_8);
        Conversation conversation = new Conversation(model.open(trace != null, progress), progress)) {
      PrintStream answers = file == null ? terminal.out() : file;
      boolean allAnswered = true;
      for (String line = lines.readLine(); line != null && !conversation.interrupted(); line = lines.readLine()) {
        if (!line.isBlank()) {
          allAnswered &= answer(line, conversation, answers);
        }
      }
      if (answers.checkError()) {
        throw new IOException("the answers could not all be written");
      }
      return allAnswered && !conversation.interrupted() ? Failures.OK : Failures.FAILED;
    }
  }

  /** Answers one line; a bad one gets an error in place of the text. */
  private boolean answer(String line, Conversation conversation, PrintStream answers) {
    ObjectNode object = AnswerJson.MAPPER.createObjectNode();
    object.set("id", NullNode.instance);
    boolean answered = true;
    try {
      JsonNode parsed = BatchLine.parse(line);
      object.set("id", BatchLine.idOf(parsed));
      GenerationResult result = answer(BatchLine.of(parsed), conversation, object);
      if (result.finishReason() == FinishReason.CANCELLED) {
        return false;
      }
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      ObjectNode error = object.putObject("error");
      error.put("type", Failures.kind(e));
      error.put("message", Failures.message(e));
      answered = false;
    }
    answers.println(object);
    answers.flush();
    return answered;
  }

  private GenerationResult answer(BatchLine line, Conversation conversation, ObjectNode object) throws IOException {
    if (!seen.add(line.id())) {
      throw new UserMistake("another request has this id");
    }
    Path folder = trace == null ? null : traceFolder(trace, line.id().asText());
    LlavaEngine engine = conversation.engine();
    Question question = line.question(requests.toAbsolutePath().getParent(), timeout.value());
    Question.Prepared prepared = question.prepare(engine.model(), folder != null);
    GenerationResult result = conversation.ask(prepared.request(), text -> { });
    if (folder != null && result.trace() != null) {
      TraceFiles.write(result.trace(), engine.model().config(), folder);
    }
    AnswerJson.fill(object, result, engine, prepared.imageMs());
    return result;
  }

  /** The folder of a request's trace, which must be a direct child of the one that the user named. */
  private Path traceFolder(Path all, String id) {
    Path parent = all.toAbsolutePath().normalize();
    Path folder = parent.resolve(id).normalize();
    if (id.contains("/") || id.contains("\\") || !parent.equals(folder.getParent())) {
      throw new UserMistake("the id \"" + id + "\" cannot name a folder for the trace");
    }
    return folder;
  }
}
