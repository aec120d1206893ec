package io.github.llava4j.text;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.llava4j.kernels.Internal;

/**
 * How a model wants its conversations written: either one of the {@link ChatTemplates known ones}, or the template in the
 * model's own files. Immutable and thread-safe.
 */
public sealed interface ChatTemplate permits FrameTemplate, JinjaTemplate {

  /** What to call it: the name of a known one, or of the file that it stands in. */
  String name();

  /**
   * Writes a conversation as a prompt that the model is to continue with its answer. The beginning-of-sequence token is
   * not part of it; the tokenizer adds it. Every text of the conversation is part of it: what a template has no place for
   * is refused.
   *
   * @throws io.github.llava4j.PromptException if the template has no place for a turn, a text or a picture
   */
  List<PromptPart> render(List<Turn> turns, ImageOrder order);

  /** The same with pictures where the template puts them. */
  default List<PromptPart> render(List<Turn> turns) {
    return render(turns, ImageOrder.TEMPLATE);
  }

  /** Special tokens that end an answer besides the vocabulary's own end-of-sequence token. */
  List<String> stopTokens();

  /** Texts that end an answer: a model may spell out what should have been a special token. */
  List<String> stopStrings();

  /** Ids that end an answer: the vocabulary's end of sequence and those of {@link #stopTokens} that it knows. */
  @Internal
  default Set<Integer> stopIds(Vocabulary vocabulary) {
    return Stream.concat(
            Stream.of(vocabulary.eos()),
            stopTokens().stream().flatMap(token -> vocabulary.special(token).stream().boxed()))
        .filter(id -> id >= 0)
        .collect(Collectors.toUnmodifiableSet());
  }
}
