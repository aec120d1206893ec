package io.github.llava4j.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

/** Finds the id that stands for a picture, where a checkpoint has one. */
public final class ImageToken {

  /** The original LLaVA's mark, which is no row of the embedding table. */
  public static final int ORIGINAL = -200;

  private static final String TOKEN = "<image>";

  private ImageToken() {}

  /**
   * The id that the language model's configuration and tokenizer files give, or {@link #ORIGINAL}.
   *
   * @param json the file of that name beside the weights
   * @param tokens of the vocabulary of a GGUF file
   */
  public static int of(
      ConfigStyle style, Function<String, Optional<JsonNode>> json, Optional<List<String>> tokens) {
    if (style == ConfigStyle.GGUF) {
      int index = tokens.orElse(List.of()).indexOf(TOKEN);
      return index >= 0 ? index : ORIGINAL;
    }
    JsonFields config = new JsonFields("config.json", json.apply("config.json").orElse(MissingNode.getInstance()));
    for (String key : new String[] {"image_token_index", "image_token_id"}) {
      if (config.has(key)) {
        long id = config.integer(key, ORIGINAL);
        if (id != (int) id) {
          throw config.unsupported(key);
        }
        return (int) id;
      }
    }
    int otherwise = style == ConfigStyle.HUGGING_FACE ? 32000 : ORIGINAL;
    return json.apply("added_tokens.json").flatMap(ImageToken::addedToken)
        .or(() -> json.apply("tokenizer_config.json").flatMap(ImageToken::decoderToken))
        .orElse(otherwise);
  }

  private static Optional<Integer> addedToken(JsonNode tokens) {
    return Optional.of(tokens.path(TOKEN)).filter(JsonNode::canConvertToInt).map(JsonNode::intValue);
  }

  private static Optional<Integer> decoderToken(JsonNode config) {
    return config.path("added_tokens_decoder").properties().stream()
        .filter(token -> token.getValue().path("content").asText().equals(TOKEN))
        .map(Map.Entry::getKey)
        .filter(id -> id.matches("\\d{1,8}"))
        .map(Integer::valueOf)
        .findFirst();
  }
}
