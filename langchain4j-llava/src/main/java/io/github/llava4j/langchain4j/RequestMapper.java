package io.github.llava4j.langchain4j;

import java.util.List;
import java.util.stream.Stream;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.github.llava4j.engine.GenerationRequest;
import io.github.llava4j.langchain4j.MessageMapper.Conversation;
import io.github.llava4j.model.LlavaModel;
import io.github.llava4j.text.ChatTemplate;
import io.github.llava4j.text.ImageOrder;

/** Says LangChain4j's requests in the engine's words, for the blocking and the streaming model alike. */
record RequestMapper(LlavaModel model, MessageMapper messages, ImageOrder order) {

  /**
   * What the engine is to answer.
   *
   * @throws dev.langchain4j.exception.UnsupportedFeatureException if the request asks for what the model cannot do
   * @throws io.github.llava4j.LlavaException if the request is wrong
   */
  GenerationRequest map(ChatRequest request) {
    LlavaChatRequestParameters parameters = LlavaChatRequestParameters.EMPTY.overrideWith(request.parameters());
    ParameterMapper.requireSupported(parameters, model.name());
    return map(request.messages(), parameters);
  }

  GenerationRequest map(Iterable<? extends ChatMessage> conversation, LlavaChatRequestParameters parameters) {
    ChatTemplate template = model.template();
    Conversation mapped = messages.map(conversation);
    List<String> stop =
        Stream.concat(template.stopStrings().stream(), parameters.stopSequences().stream()).distinct().toList();
    return new GenerationRequest(
        template.render(mapped.turns(), order),
        mapped.pictures(),
        ParameterMapper.sampling(parameters),
        ParameterMapper.maxTokens(parameters),
        stop,
        false,
        parameters.timeout(),
        parameters.cacheSalt(),
        null,
        -1);
  }
}
