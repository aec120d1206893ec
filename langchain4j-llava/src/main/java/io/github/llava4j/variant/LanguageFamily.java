package io.github.llava4j.variant;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.llava4j.checkpoint.Checkpoint;
import io.github.llava4j.config.ConfigStyle;
import io.github.llava4j.config.LlavaConfig;
import io.github.llava4j.text.ChatTemplate;
import io.github.llava4j.text.ChatTemplates;
import io.github.llava4j.text.Vocabulary;

/** The language models that LLaVA was built on, and how each wants to be talked to where no file says it: one line each. */
enum LanguageFamily {
  /** Nous-Hermes-2-Yi-34B: the only one with ChatML's tokens. */
  YI("Nous-Hermes-2-Yi", ChatTemplates.CHATML_DIRECT, ChatTemplates.CHATML_DIRECT),
  MISTRAL("Mistral", ChatTemplates.MISTRAL_INSTRUCT, ChatTemplates.HF_MISTRAL),
  LLAMA_2("Llama-2-chat", ChatTemplates.LLAVA_LLAMA_2, ChatTemplates.LLAVA_LLAMA_2),
  VICUNA("Vicuna", ChatTemplates.LLAVA_V1, ChatTemplates.HF_VICUNA);

  private static final String CHATML = "<|im_start|>";
  private static final String INSTRUCTION = "[INST]";
  private static final Pattern LLAMA_2_CHAT = Pattern.compile("llama[-_ ]?2.*chat");

  private final String displayName;
  private final ChatTemplate original;
  private final ChatTemplate huggingFace;

  LanguageFamily(String displayName, ChatTemplate original, ChatTemplate huggingFace) {
    this.displayName = displayName;
    this.original = original;
    this.huggingFace = huggingFace;
  }

  String displayName() {
    return displayName;
  }

  /** The template of the original repository's conversation.py, or the one that llava-hf ships with its checkpoints. */
  ChatTemplate template(ConfigStyle style) {
    return style == ConfigStyle.HUGGING_FACE ? huggingFace : original;
  }

  /**
   * Told by the vocabulary, the architecture, names, and last by the template in the files; else Vicuna, as LLaVA began.
   *
   * @param template the text of the chat template in the files
   */
  static LanguageFamily of(Checkpoint checkpoint, Vocabulary vocabulary, Optional<String> template) {
    if (vocabulary.special(CHATML).isPresent()) {
      return YI;
    }
    LlavaConfig.Decoder decoder = checkpoint.config().decoder();
    // A GGUF file calls Mistral "llama", too; its name, or the ratio of heads that no Llama 2 has, tells.
    boolean gguf = checkpoint.configStyle() == ConfigStyle.GGUF;
    if (decoder.architecture().equals("mistral") || gguf && names(checkpoint).anyMatch(name -> name.contains("mistral"))) {
      return MISTRAL;
    }
    if (names(checkpoint).anyMatch(name -> LLAMA_2_CHAT.matcher(name).find())) {
      return LLAMA_2;
    }
    if (template.filter(text -> text.contains(INSTRUCTION)).isPresent()) {
      return gguf && decoder.heads() == 4 * decoder.kvHeads() ? MISTRAL : LLAMA_2;
    }
    return VICUNA;
  }

  /** The model's names in its files; those of its folder or file, too, by which the original repository goes. */
  private static Stream<String> names(Checkpoint checkpoint) {
    Stream<Optional<String>> names = checkpoint.configStyle() == ConfigStyle.GGUF
        ? Stream.of(
            Optional.of(checkpoint.name()), checkpoint.languageMetadata().flatMap(m -> m.string("general.name")))
        : Stream.of(
            Optional.of(checkpoint.name()), name(checkpoint, ""), name(checkpoint, "/text_config"));
    return names.flatMap(Optional::stream).map(name -> name.toLowerCase(Locale.ROOT));
  }

  private static Optional<String> name(Checkpoint checkpoint, String object) {
    return checkpoint.json("config.json").map(config -> config.at(object + "/_name_or_path")).map(JsonNode::asText);
  }
}
