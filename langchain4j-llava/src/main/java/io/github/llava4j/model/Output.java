package io.github.llava4j.model;

import java.util.Set;

/** What a model's programs can give besides what an answer needs; each costs time and memory only where it is asked for. */
public enum Output {
  /** The decoder's input embedding and each block's result, before the final norm. */
  HIDDEN_STATES;

  /** All of them: what a trace shows. */
  public static final Set<Output> ALL = Set.of(values());
}
