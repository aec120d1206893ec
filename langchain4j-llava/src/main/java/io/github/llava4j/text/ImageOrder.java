package io.github.llava4j.text;

/** Where the pictures of a turn go in the prompt. */
public enum ImageOrder {

  /**
   * Where the model's chat template puts them, whatever their order in the message: all in front of the turn's text with
   * the templates of LLaVA 1.5 and 1.6, as these models were trained.
   */
  TEMPLATE,

  /** Where the message has them, for models that learned pictures between texts. */
  IN_PLACE
}
