package io.github.llava4j.demo.web;

import dev.langchain4j.model.chat.StreamingChatModel;
import io.github.llava4j.engine.LlavaEngine;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers questions, at once or word by word. Takes JSON alone: a foreign page's form cannot send that. A request stays
 * on its thread, a virtual one, until its answer is written or its client is gone, which ends the computation.
 */
@RestController
@RequestMapping(path = "/api/chat", consumes = MediaType.APPLICATION_JSON_VALUE)
class ChatController {

  private final ChatBodies bodies;
  private final StreamingChatModel model;
  private final LlavaEngine engine;
  private final JsonMapper mapper;

  ChatController(ChatBodies bodies, StreamingChatModel model, LlavaEngine engine, JsonMapper mapper) {
    this.bodies = bodies;
    this.model = model;
    this.engine = engine;
    this.mapper = mapper;
  }

  @PostMapping(produces = MediaType.APPLICATION_JSON_VALUE)
  ChatAnswer answer(HttpServletRequest request) {
    try (ChatBodies.Read body = bodies.read(request); PendingAnswer answer = ask(body, request)) {
      return ChatAnswer.of(answer.whole(), engine.backend().id());
    }
  }

  @PostMapping(path = "/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  void stream(HttpServletRequest request, HttpServletResponse response) {
    try (ChatBodies.Read body = bodies.read(request); PendingAnswer answer = ask(body, request)) {
      new EventStream(response, mapper, engine.backend().id()).write(answer);
    }
  }

  private PendingAnswer ask(ChatBodies.Read body, HttpServletRequest request) {
    return PendingAnswer.of(model, body.request(), Client.of(request));
  }
}
