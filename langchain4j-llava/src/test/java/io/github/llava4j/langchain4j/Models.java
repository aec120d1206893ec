package io.github.llava4j.langchain4j;

import java.util.List;

import dev.langchain4j.model.chat.listener.ChatModelListener;
import io.github.llava4j.engine.EngineOptions;
import io.github.llava4j.engine.LlavaEngine;

/** Models that several tests need. */
final class Models {

  private Models() {}

  static <B extends LlavaModelBuilder<B>> B heard(
      B builder, ChatModelListener listener, double temperature, double topP, int maxTokens) {
    return builder
        .listeners(List.of(listener))
        .temperature(temperature)
        .topP(topP)
        .maxOutputTokens(maxTokens);
  }

  /** An engine that fails every request. */
  static LlavaEngine closedEngine() {
    LlavaEngine engine = Goldens.open(EngineOptions.builder(Goldens.model(Goldens.VICUNA)));
    engine.close();
    return engine;
  }
}
