package io.github.llava4j.langchain4j;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.ImageContent.DetailLevel;
import io.github.llava4j.checkpoint.ModelSource;
import io.github.llava4j.engine.EngineOptions;
import io.github.llava4j.engine.LlavaEngine;
import io.github.llava4j.testing.GoldenFiles;

/** The tiny reference checkpoints, each opened once for all tests, and what transformers answered with them. */
final class Goldens {

  static final String VICUNA = "next-vicuna";
  static final String MISTRAL = "next-mistral";
  static final String LLAVA_15 = "llava15";

  private static final Map<String, LlavaEngine> ENGINES = new ConcurrentHashMap<>();

  private Goldens() {}

  /** What transformers answered. */
  record Run(String text, int tokens, int promptTokens, int imageTokens) {}

  static Run run(String golden, String name) {
    JsonNode json = GoldenFiles.json(golden + "/expected/runs/" + name + ".json");
    int imageTokens = 0;
    for (JsonNode count : json.get("image_token_counts")) {
      imageTokens += count.intValue();
    }
    return new Run(
        json.get("greedy_text").textValue(), json.get("greedy_ids").size(), json.get("input_ids_after").size(),
        imageTokens);
  }

  static Path model(String golden) {
    return GoldenFiles.path(golden).resolve("model");
  }

  static Path imageFile(String golden, String name) {
    return GoldenFiles.path(golden).resolve("images").resolve(name);
  }

  static ImageContent image(String golden, String name) {
    return ImageContent.from(imageFile(golden, name), "image/png");
  }

  static ImageContent image(String golden, String name, DetailLevel level) {
    return ImageContent.from(imageFile(golden, name), "image/png", level);
  }

  /** An engine that all tests share and none closes. */
  static LlavaEngine engine(String golden) {
    return ENGINES.computeIfAbsent(golden, key -> open(EngineOptions.builder(model(key))));
  }

  /** Likewise: the model that ships, which ends its answers by itself. */
  static LlavaEngine mini() {
    return ENGINES.computeIfAbsent(ModelSource.MINI, key -> open(EngineOptions.builder(Path.of(key))));
  }

  /** An engine that the caller closes. */
  static LlavaEngine open(EngineOptions.Builder options) {
    return LlavaEngine.open(options.threads(1).build());
  }
}
