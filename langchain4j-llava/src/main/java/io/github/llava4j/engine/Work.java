package io.github.llava4j.engine;

/** What the engine's thread computes of a request. */
sealed interface Work permits Sequence, Glance {

  /** The request's state and end. */
  Generation generation();
}
