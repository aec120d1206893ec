package io.github.llava4j.variant;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.llava4j.checkpoint.Checkpoint;
import io.github.llava4j.text.ChatTemplate;
import io.github.llava4j.text.ChatTemplates;
import io.github.llava4j.text.Vocabulary;

/** The language models that LLaVA was built on, and how each wants to be talked to: one line each. */
enum LanguageFamily {
  /** Nous-Hermes-2-Yi-34B: the only one with ChatML's tokens. */
  YI("Nous-Hermes-2-Yi", "<|im_start|>", ChatTemplates.CHATML_DIRECT, ChatTemplates.CHATML_DIRECT),
  MISTRAL("Mistral", "[INST]", ChatTemplates.MISTRAL_INSTRUCT, ChatTemplates.HF_MISTRAL),
  VICUNA("Vicuna", "USER:", ChatTemplates.LLAVA_V1, ChatTemplates.HF_VICUNA);

  private final String displayName;
  /** What a chat template in the files looks like. */
  private final String mark;
  private final ChatTemplate original;
  private final ChatTemplate huggingFace;

  LanguageFamily(String displayName, String mark, ChatTemplate original, ChatTemplate huggingFace) {
    this.displayName = displayName;
    this.mark = mark;
    this.original = original;
    this.huggingFace = huggingFace;
  }

  String displayName() {
    return displayName;
  }

  /** The template of the original repository's conversation.py. */
  ChatTemplate original() {
    return original;
  }

  /** The template that llava-hf ships with its checkpoints. */
  ChatTemplate huggingFace() {
    return huggingFace;
  }

  /** Told by the chat template in the files, else by tokens, architecture and names, else Vicuna as LLaVA began. */
  static LanguageFamily of(Checkpoint checkpoint, Vocabulary vocabulary) {
    Optional<String> template = chatTemplate(checkpoint);
    Optional<LanguageFamily> told = template.flatMap(
        text -> Arrays.stream(values()).filter(family -> text.contains(family.mark)).findFirst());
    if (told.isPresent()) {
      return told.get();
    }
    if (vocabulary.special(YI.mark).isPresent()) {
      return YI;
    }
    boolean mistral = Stream.of(
            Optional.of(checkpoint.config().decoder().architecture()),
            checkpoint.json("config.json").map(config -> config.path("_name_or_path").asText()),
            checkpoint.languageMetadata().flatMap(metadata -> metadata.string("general.name")))
        .flatMap(Optional::stream)
        .anyMatch(name -> name.toLowerCase(Locale.ROOT).contains("mistral"));
    return mistral ? MISTRAL : VICUNA;
  }

  private static Optional<String> chatTemplate(Checkpoint checkpoint) {
    return Stream.of(
            checkpoint.text("chat_template.jinja"),
            checkpoint.json("chat_template.json").map(json -> json.path("chat_template").asText("")),
            checkpoint.json("processor_config.json").map(json -> json.path("chat_template").asText("")),
            checkpoint.json("tokenizer_config.json").map(json -> text(json.path("chat_template"))),
            checkpoint.languageMetadata().flatMap(metadata -> metadata.string("tokenizer.chat_template")))
        .flatMap(Optional::stream)
        .filter(text -> !text.isBlank())
        .findFirst();
  }

  /** A template, or the first of a list of named ones. */
  private static String text(JsonNode node) {
    return node.isArray() ? node.path(0).path("template").asText("") : node.asText("");
  }
}
