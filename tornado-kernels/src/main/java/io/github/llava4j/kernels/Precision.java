package io.github.llava4j.kernels;

/** What a backend may round besides the weights, which are stored as they are. */
@Internal
public enum Precision {
  /** Nothing: activations are float32, sums at least. The reference. */
  EXACT,
  /** Activations too, where that is faster. No backend offers it yet. */
  FAST
}
