package io.github.llava4j.engine;

/** Why an answer ended. */
public enum FinishReason {
  /** The model ended it, or a stop string came. */
  STOP,
  /** The token limit or the context was reached. */
  LENGTH,
  /** Somebody cancelled it. */
  CANCELLED
}
