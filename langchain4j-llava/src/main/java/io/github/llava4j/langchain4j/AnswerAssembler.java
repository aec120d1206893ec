package io.github.llava4j.langchain4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.output.FinishReason;
import io.github.llava4j.engine.Generation;
import io.github.llava4j.engine.GenerationListener;
import io.github.llava4j.engine.GenerationResult;
import io.github.llava4j.langchain4j.tool.ToolGrammar;
import io.github.llava4j.text.StopFilter;
import org.jspecify.annotations.Nullable;

/**
 * Puts an answer together from its text and the signals of its grammar, for the blocking and the streaming model alike: text
 * is never parsed again to find calls in it.
 *
 * <p>A call that does not come to its end is dropped, and so is one that was only brought to it because the tokens ran out:
 * its arguments would be invented.
 */
final class AnswerAssembler implements GenerationListener {

  /** What the text is part of. */
  private enum Part { DECISION, THOUGHT, ANSWER, ARGUMENTS }

  private final EngineRequest request;
  private final AnswerSink sink;
  private final ResponseMapper responses;
  /** Completed a moment after the first text may have come. */
  private final CompletableFuture<Generation> generation = new CompletableFuture<>();
  private final StringBuilder answer = new StringBuilder();
  private final StringBuilder thought = new StringBuilder();
  private final List<ToolExecutionRequest> calls = new ArrayList<>();
  private final Decision decision = new Decision();
  private StopFilter filter;
  private Part part;
  private @Nullable OpenCall open;
  private boolean closing;
  private boolean stopped;

  AnswerAssembler(EngineRequest request, AnswerSink sink, ResponseMapper responses) {
    this.request = request;
    this.sink = sink;
    this.responses = responses;
    this.part = request.tools().isEmpty() ? Part.ANSWER : Part.DECISION;
    this.filter = new StopFilter(request.stop());
  }

  void started(Generation started) {
    generation.complete(started);
  }

  @Override
  public void onText(String text) {
    if (stopped) {
      return;
    }
    decision.text(text, part == Part.DECISION);
    switch (part) {
      case DECISION -> { }
      case THOUGHT -> thought.append(text);
      case ANSWER -> answer(filter.append(text));
      case ARGUMENTS -> arguments(filter.append(text));
    }
    if (filter.found().isPresent()) {
      stop();
    }
  }

  @Override
  public void onSignal(int signal) {
    if (stopped) {
      return;
    }
    switch (signal) {
      case ToolGrammar.THOUGHT -> part = Part.THOUGHT;
      case ToolGrammar.THOUGHT_END -> part = Part.DECISION;
      case ToolGrammar.ANSWER -> {
        part = Part.ANSWER;
        decision.made();
      }
      default -> {
        if (ToolGrammar.isBegin(signal)) {
          part = Part.ARGUMENTS;
          decision.made();
          filter = new StopFilter(request.stop());
          open = new OpenCall(request.tools().get(ToolGrammar.tool(signal)));
        } else {
          endCall();
          part = Part.DECISION;
        }
      }
    }
  }

  private void answer(String text) {
    // Behind "Action: answer" models begin with a space, as they do behind "ASSISTANT:", where none is shown either.
    boolean begins = answer.isEmpty() && request.free() && !request.tools().isEmpty();
    String shown = begins ? text.stripLeading() : text;
    if (!shown.isEmpty()) {
      answer.append(shown);
      sink.text(shown);
    }
  }

  private void arguments(String text) {
    OpenCall call = open;
    if (call == null) {
      throw new IllegalStateException("arguments of no call");
    }
    call.append(text);
  }

  private void endCall() {
    arguments(filter.finish());
    OpenCall call = open;
    if (call != null && !closing) {
      ToolExecutionRequest complete = call.end();
      sink.completeCall(new CompleteToolCall(calls.size(), complete));
      calls.add(complete);
      open = null;
    }
  }

  @Override
  public void onClosing() {
    closing = true;
  }

  /** A stop string came where the engine does not look for it. */
  private void stop() {
    stopped = true;
    try {
      Generation running = generation.join();
      running.cancel();
      finish(running.await(), FinishReason.STOP);
    } catch (RuntimeException e) {
      onError(e);
    }
  }

  @Override
  public void onComplete(GenerationResult result) {
    if (!stopped) {
      if (part == Part.ANSWER) {
        answer(filter.finish());
      }
      finish(result, ResponseMapper.finishReason(result));
    }
  }

  private void finish(GenerationResult result, FinishReason reason) {
    String text = answer.toString();
    Optional<String> miss =
        request.check() == null || part != Part.ANSWER ? Optional.empty() : request.check().miss(text);
    if (miss.isPresent()) {
      sink.error(new SchemaMismatchException("the answer does not match its JSON schema, " + miss.get() + ": " + text, text));
      return;
    }
    AiMessage message = AiMessage.builder()
        .text(calls.isEmpty() ? text : null)
        .thinking(thought.isEmpty() ? null : thought.toString().strip())
        .toolExecutionRequests(calls)
        .build();
    boolean called = !calls.isEmpty() && open == null && !stopped && !closing;
    sink.response(responses.map(
        result, message, called ? FinishReason.TOOL_EXECUTION : reason, request.logprobs(), request.decides() ? decision : null));
  }

  @Override
  public void onError(Throwable error) {
    sink.error(LlavaExceptionMapper.INSTANCE.mapException(error));
  }

  /** A call whose arguments are being written. */
  private final class OpenCall {

    private final String id = UUID.randomUUID().toString();
    private final String name;
    private final StringBuilder arguments = new StringBuilder();
    private int told;

    OpenCall(String name) {
      this.name = name;
    }

    /** Pieces are never blank, and an empty object is one piece. */
    void append(String text) {
      arguments.append(text);
      String untold = arguments.substring(told);
      if (!closing && !untold.isBlank() && !(told == 0 && untold.strip().equals("{"))) {
        told = arguments.length();
        sink.partialCall(PartialToolCall.builder()
            .index(calls.size())
            .id(id)
            .name(name)
            .partialArguments(untold)
            .build());
      }
    }

    ToolExecutionRequest end() {
      return ToolExecutionRequest.builder().id(id).name(name).arguments(arguments.toString()).build();
    }
  }

  /** Which part of the raw text is the decision: from its first character to the end of the line that names the action. */
  static final class Decision {

    private final StringBuilder text = new StringBuilder();
    private int length;
    private int from;
    private int to = -1;

    private void text(String more, boolean decides) {
      length += more.length();
      if (to < 0 && decides) {
        if (text.isEmpty()) {
          from = length - more.length();
        }
        text.append(more);
      }
    }

    private void made() {
      if (to < 0) {
        to = from + text.indexOf("\n", text.indexOf("Action:")) + 1;
      }
    }

    boolean isMade() {
      return to >= 0;
    }

    int from() {
      return from;
    }

    int to() {
      return to;
    }
  }
}
