package io.github.llava4j.demo.web;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.github.llava4j.engine.LlavaEngine;
import io.github.llava4j.langchain4j.LlavaStreamingChatModel;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Answers questions, at once or word by word. Takes JSON alone: a foreign page's form cannot send that. */
@RestController
@RequestMapping(path = "/api/chat", consumes = MediaType.APPLICATION_JSON_VALUE)
class ChatController {

  private final ChatModel model;
  private final StreamingChatModel streaming;
  private final LlavaEngine engine;
  private final JsonMapper mapper;

  ChatController(ChatModel model, StreamingChatModel streaming, LlavaEngine engine, JsonMapper mapper) {
    this.model = model;
    this.streaming = streaming;
    this.engine = engine;
    this.mapper = mapper;
  }

  @PostMapping(produces = MediaType.APPLICATION_JSON_VALUE)
  ChatAnswer answer(@RequestBody ChatBody body) {
    return ChatAnswer.of(model.chat(ChatBodyMapper.map(body)), engine.backend().id());
  }

  /** Stays on the request's thread, a virtual one, until the answer is written or the client is gone. */
  @PostMapping(path = "/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  void stream(@RequestBody ChatBody body, HttpServletResponse response) {
    ChatRequest request = ChatBodyMapper.map(body);
    PendingAnswer answer = new PendingAnswer();
    if (streaming instanceof LlavaStreamingChatModel llava) {
      answer.started(llava.start(request, answer));
    } else {
      streaming.chat(request, answer);
    }
    new EventStream(response, mapper, engine.backend().id()).write(answer);
  }
}
