package io.github.llava4j.variant;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

import io.github.llava4j.CheckpointException;
import io.github.llava4j.checkpoint.Checkpoint;
import io.github.llava4j.config.ConfigStyle;
import io.github.llava4j.image.ImagePreprocessing;
import io.github.llava4j.image.ImagePreprocessing.Mode;
import io.github.llava4j.text.ChatTemplate;
import io.github.llava4j.text.Vocabulary;
import io.github.llava4j.text.Vocabulary.PrefixSpace;
import org.jspecify.annotations.Nullable;

/**
 * All that differs between the LLaVA models besides their dimensions.
 *
 * @param name such as "LLaVA-1.6 (Vicuna)"
 * @param template how conversations are written
 * @param vocabulary of the tokenizer
 * @param preprocessing how pictures become tiles
 * @param endTokens ids that end an answer
 * @param imageToken id that stands for a picture's positions in reports; where the files know none, the first behind
 *     the vocabulary, as Hugging Face numbers it
 */
public record LlavaVariant(
    String name,
    ChatTemplate template,
    Vocabulary vocabulary,
    ImagePreprocessing preprocessing,
    Set<Integer> endTokens,
    int imageToken) {

  public LlavaVariant {
    endTokens = Set.copyOf(endTokens);
  }

  /**
   * Finds the variant of a checkpoint by what its files say.
   *
   * @param template name of one of {@link io.github.llava4j.text.ChatTemplates}, or null for the one in the files
   * @throws CheckpointException if they contradict one another or ask for what is not supported
   */
  public static LlavaVariant of(Checkpoint checkpoint, @Nullable String template) {
    Vocabulary vocabulary = Vocabularies.of(checkpoint);
    ImagePreprocessing preprocessing = Preprocessing.of(checkpoint);
    if (vocabulary.size() > checkpoint.config().decoder().vocabulary()) {
      throw new CheckpointException(
          "the tokenizer has " + vocabulary.size() + " tokens, the embedding table only "
              + checkpoint.config().decoder().vocabulary() + " rows");
    }
    if (preprocessing.mode() == Mode.ANYRES && checkpoint.config().vision().keepClass()) {
      throw new CheckpointException(
          "vision_feature_select_strategy \"full\" does not go with tiles, which have no place for a class feature");
    }
    if (preprocessing.mode() == Mode.ANYRES && !checkpoint.config().projector().newline()) {
      throw new CheckpointException("AnyRes tiles need the tensor image_newline, which the model does not have");
    }
    Optional<TemplateFiles> found = TemplateFiles.find(checkpoint);
    LanguageFamily family = LanguageFamily.of(checkpoint, vocabulary, found.map(TemplateFiles::source));
    if (family == LanguageFamily.MISTRAL && checkpoint.configStyle() == ConfigStyle.GGUF
        && vocabulary.prefix() != PrefixSpace.NEVER) {
      // GGUF files do not keep the tokenizer's "legacy" flag, which is true for Mistral and false for Vicuna.
      vocabulary = vocabulary.withPrefix(PrefixSpace.EVERY_RUN);
    }
    ChatTemplate chat =
        TemplateFiles.choose(found, template, family.template(checkpoint.configStyle()), checkpoint, vocabulary);
    String version = checkpoint.config().projector().newline() ? "LLaVA-1.6" : "LLaVA-1.5";
    Set<Integer> ends = new HashSet<>(chat.stopIds(vocabulary));
    ends.addAll(EndTokens.of(checkpoint, vocabulary));
    int imageToken = checkpoint.config().imageTokenId();
    return new LlavaVariant(
        version + " (" + family.displayName() + ")", chat, vocabulary, preprocessing, ends,
        imageToken >= 0 ? imageToken : vocabulary.size());
  }
}
