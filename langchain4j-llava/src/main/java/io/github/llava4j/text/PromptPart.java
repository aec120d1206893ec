package io.github.llava4j.text;

/**
 * A piece of a rendered prompt, in order. Special tokens exist only as {@link Special} parts that a template puts
 * there: text, whoever wrote it, is never searched for them.
 */
public sealed interface PromptPart {

  /** How a picture's place is written in a raw prompt. */
  String IMAGE_MARK = "<image>";

  /** Text; adjacent parts of text are tokenised as one run. */
  record Text(String text) implements PromptPart {}

  /** The special token of that name, such as {@code </s>}. */
  record Special(String token) implements PromptPart {}

  /** The place of the next picture. */
  record Image() implements PromptPart {}
}
