package io.github.llava4j.engine;

/** Why an answer ended. */
public enum FinishReason {
  /** The model ended it, or a stop string came. */
  STOP,
  /**
   * The token limit or the context was reached. An answer held to a grammar or schema is complete all the same, but was
   * brought to its end in time.
   */
  LENGTH,
  /** Somebody cancelled it. */
  CANCELLED
}
