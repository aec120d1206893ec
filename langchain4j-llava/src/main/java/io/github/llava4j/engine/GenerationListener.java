package io.github.llava4j.engine;

/**
 * Hears how an answer comes about. All calls of one request come from one thread, which is not the engine's: a listener
 * may take its time.
 *
 * <p>A listener that throws ends its own request and no other one: the computation stops, {@link #onError} is called
 * once with what it threw as the cause, and {@link Generation#await} throws the same.
 */
public interface GenerationListener {

  /** What is going on before the first token. */
  enum Stage {
    /** Tiles through the vision tower. */
    VISION,
    /** Prompt positions through the decoder. */
    PREFILL
  }

  /** {@code done} of {@code total} steps of a stage are done. */
  default void onProgress(Stage stage, int done, int total) {}

  /** The answer goes on with {@code text}, never half a character. */
  default void onText(String text) {}

  /** A constrained answer has reached a signal of its grammar, behind the text so far. */
  default void onSignal(int signal) {}

  /**
   * From here on a constrained answer is only brought to an end that its grammar allows, because few tokens are left; what
   * comes is not what the model would have said. Its finish reason will be {@link FinishReason#LENGTH}.
   */
  default void onClosing() {}

  /** The answer is complete; {@code result.text()} is what {@link #onText} got. Not called after a cancellation. */
  default void onComplete(GenerationResult result) {}

  /** The request failed. Not called after a cancellation. */
  default void onError(Throwable error) {}
}
