package io.github.llava4j.kernels;

/**
 * The keys and values of past positions, owned by the {@link Compiled} program: for each layer and slot a growing list of
 * rows of {@code kvHeads * headDim} values of a {@link KvType}.
 *
 * @param layers one per round of the repetition that uses the cache
 */
@Internal
public record KvCache(String name, int layers, int kvHeads, int headDim) {

  /** Values per position, for keys and values each. */
  public int width() {
    return kvHeads * headDim;
  }
}
