package io.github.llava4j.kernels;

/**
 * The largest run that a compiled program must take.
 *
 * @param rows rows of a batch
 * @param slots sequences that live at the same time
 * @param context positions of a sequence
 */
public record Limits(int rows, int slots, int context) {

  public Limits {
    if (rows < 1 || slots < 1 || context < 1) {
      throw new IllegalArgumentException("limits must be positive: rows " + rows + ", slots " + slots + ", context " + context);
    }
  }
}
