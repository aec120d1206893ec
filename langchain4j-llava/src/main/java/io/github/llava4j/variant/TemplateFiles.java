package io.github.llava4j.variant;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.llava4j.CheckpointException;
import io.github.llava4j.checkpoint.Checkpoint;
import io.github.llava4j.text.ChatTemplate;
import io.github.llava4j.text.ChatTemplates;
import io.github.llava4j.text.JinjaTemplate;
import io.github.llava4j.text.Vocabulary;
import org.jspecify.annotations.Nullable;

/**
 * The chat template in a checkpoint's files. transformers' order: {@code processor_config.json}, {@code
 * chat_template.json}, {@code chat_template.jinja}, {@code tokenizer_config.json}; or a GGUF file's {@code
 * tokenizer.chat_template}.
 *
 * @param file where it stands
 * @param source its text
 */
record TemplateFiles(String file, String source) {

  private static final String KEY = "chat_template";

  /** The template that counts, if there is one. */
  static Optional<TemplateFiles> find(Checkpoint checkpoint) {
    Stream<Supplier<Optional<TemplateFiles>>> places = Stream.of(
        () -> json(checkpoint, "processor_config.json"),
        () -> json(checkpoint, "chat_template.json"),
        () -> checkpoint.text("chat_template.jinja").map(text -> new TemplateFiles("chat_template.jinja", text)),
        () -> json(checkpoint, "tokenizer_config.json"),
        () -> checkpoint.languageMetadata().flatMap(metadata -> metadata.string("tokenizer.chat_template"))
            .map(text -> new TemplateFiles("tokenizer.chat_template", text)));
    return places.map(Supplier::get).flatMap(Optional::stream).filter(found -> !found.source().isBlank()).findFirst();
  }

  private static Optional<TemplateFiles> json(Checkpoint checkpoint, String file) {
    return checkpoint.json(file).map(json -> new TemplateFiles(file, text(json.path(KEY), file)));
  }

  /** A template, or the one called default of several: a list of names and templates, or an object. */
  private static String text(JsonNode node, String file) {
    if (node.isArray()) {
      JsonNode chosen = node.path(0);
      for (JsonNode named : node) {
        chosen = named.path("name").asText().equals("default") ? named : chosen;
      }
      return chosen.path("template").asText("");
    }
    if (node.isObject()) {
      return node.path("default").asText("");
    }
    if (node.isTextual() || node.isMissingNode() || node.isNull()) {
      return node.asText("");
    }
    throw new CheckpointException(file + ": " + KEY + " is " + node.getNodeType() + ", expected a text");
  }

  /**
   * The template to use.
   *
   * @param chosen name of a known one, or null for the one in the files, else that of the family
   */
  static ChatTemplate choose(
      Optional<TemplateFiles> found, @Nullable String chosen, ChatTemplate otherwise, Checkpoint checkpoint, Vocabulary vocabulary) {
    if (chosen != null) {
      return ChatTemplates.named(chosen).orElseThrow(() -> new CheckpointException(
          "there is no template " + chosen + "; known are "
              + String.join(", ", ChatTemplates.all().stream().map(ChatTemplate::name).toList())));
    }
    return found.<ChatTemplate>map(template -> JinjaTemplate.of(
        template.file(), template.source(), vocabulary, tokens(checkpoint, vocabulary))).orElse(otherwise);
  }

  /** The names that transformers gives a template for special tokens. */
  private static Map<String, String> tokens(Checkpoint checkpoint, Vocabulary vocabulary) {
    Map<String, String> tokens = new LinkedHashMap<>();
    put(tokens, "bos_token", vocabulary, vocabulary.bos());
    put(tokens, "eos_token", vocabulary, vocabulary.eos());
    put(tokens, "unk_token", vocabulary, vocabulary.unknown());
    for (String file : new String[] {"special_tokens_map.json", "tokenizer_config.json", "processor_config.json"}) {
      checkpoint.json(file).ifPresent(json -> json.properties().forEach(entry -> {
        JsonNode value = entry.getValue().isObject() ? entry.getValue().path("content") : entry.getValue();
        if (entry.getKey().endsWith("_token") && value.isTextual()) {
          tokens.put(entry.getKey(), value.textValue());
        }
      }));
    }
    return tokens;
  }

  private static void put(Map<String, String> tokens, String name, Vocabulary vocabulary, int id) {
    if (id >= 0) {
      tokens.put(name, vocabulary.pieces().get(id));
    }
  }
}
