package io.github.llava4j.langchain4j;

import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.github.llava4j.PromptException;
import io.github.llava4j.constraint.schema.SchemaOptions;
import io.github.llava4j.constraint.schema.Unsupported;
import io.github.llava4j.engine.GenerationRequest;
import io.github.llava4j.langchain4j.AnswerConstraints.Compiled;
import io.github.llava4j.langchain4j.MessageMapper.Conversation;
import io.github.llava4j.langchain4j.json.AnswerCheck;
import io.github.llava4j.langchain4j.tool.ToolPrompt;
import io.github.llava4j.langchain4j.tool.ToolSet;
import io.github.llava4j.model.LlavaModel;
import io.github.llava4j.text.ImageOrder;
import io.github.llava4j.text.PromptPart;
import io.github.llava4j.text.Turn;
import org.jspecify.annotations.Nullable;

import static dev.langchain4j.internal.Utils.getOrDefault;

/** Says LangChain4j's requests in the engine's words, for the blocking and the streaming model alike. */
record RequestMapper(LlavaModel model, MessageMapper messages, ImageOrder order, AnswerConstraints constraints) {

  /**
   * What the engine is to answer.
   *
   * @throws dev.langchain4j.exception.UnsupportedFeatureException if the request asks for what the model cannot do
   * @throws io.github.llava4j.LlavaException if the request is wrong
   */
  EngineRequest map(ChatRequest request) {
    LlavaChatRequestParameters parameters = LlavaChatRequestParameters.EMPTY.overrideWith(request.parameters());
    return map(request.messages(), parameters);
  }

  EngineRequest map(Iterable<? extends ChatMessage> conversation, LlavaChatRequestParameters parameters) {
    ParameterMapper.requireSupported(parameters, model.name());
    ToolSet tools = ParameterMapper.tools(parameters);
    AnswerFormat format =
        tools != null && tools.required() ? new AnswerFormat.Free() : AnswerFormat.of(parameters);
    SchemaOptions options = ParameterMapper.schemaOptions(parameters);
    Compiled compiled = constraints.of(format, tools, options);
    Conversation mapped = messages.map(conversation, tools);
    List<String> own = parameters.stopSequences();
    List<String> all = Stream.concat(model.template().stopStrings().stream(), own.stream()).distinct().toList();
    boolean decides = tools != null && !(tools.required() && tools.tools().size() == 1);
    Integer logprobs = parameters.logprobs();
    GenerationRequest generation = new GenerationRequest(
        render(turns(mapped.turns(), format, tools, parameters)),
        mapped.pictures(),
        ParameterMapper.sampling(parameters),
        ParameterMapper.maxTokens(parameters),
        tools != null ? List.of() : compiled != null ? own : all,
        false,
        parameters.timeout(),
        parameters.cacheSalt(),
        compiled == null ? null : compiled.constraint(),
        logprobs != null ? logprobs : decides ? 0 : -1);
    return new EngineRequest(
        generation,
        tools == null ? List.of() : tools.tools().stream().map(tool -> tool.name()).toList(),
        tools == null ? List.of() : own,
        format instanceof AnswerFormat.Free,
        decides,
        logprobs != null,
        check(format, compiled, options));
  }

  private static List<Turn> turns(
      List<Turn> turns, AnswerFormat format, @Nullable ToolSet tools, LlavaChatRequestParameters parameters) {
    String instruction = getOrDefault(parameters.schemaInPrompt(), true) ? format.instruction() : null;
    List<Turn> told = tools == null ? turns : Turns.withSystem(turns, ToolPrompt.block(tools));
    return instruction == null ? told : Turns.withInstruction(told, instruction);
  }

  /** Templates in files may insist on speakers who take turns. */
  private List<PromptPart> render(List<Turn> turns) {
    try {
      return model.template().render(turns, order);
    } catch (PromptException e) {
      List<Turn> alternating = Turns.alternating(turns);
      if (alternating.equals(turns)) {
        throw e;
      }
      return model.template().render(alternating, order);
    }
  }

  private static @Nullable AnswerCheck check(AnswerFormat format, @Nullable Compiled compiled, SchemaOptions options) {
    boolean wanted = options.unsupported() == Unsupported.CHECK && compiled != null && compiled.needsCheck();
    JsonNode schema = wanted ? format.schemaToCheck() : null;
    return schema == null ? null : new AnswerCheck(schema, options);
  }
}
